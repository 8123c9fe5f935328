import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";

export const SPEEDS = [0.75, 1, 1.25, 1.5, 2] as const;

export type Player = {
  audio: HTMLAudioElement;
  playing: boolean;
  /** Preparing: the server puts tones over personal data first, which takes a while for a long call. */
  sound: "preparing" | "ready" | "failed";
  /** Ask for the recording once more. */
  retry: () => void;
  speed: number;
  /** Play from a second on, to `end` again and again where one is given. */
  play: (start?: number, end?: number) => void;
  pause: () => void;
  seek: (second: number) => void;
  setSpeed: (speed: number) => void;
};

/** A recording, streamed by ranges: an hour of sound is never read whole. */
export function usePlayer(source: string): Player {
  const audio = useMemo(() => {
    const made = new Audio();
    made.preload = "metadata";
    return made;
  }, []);
  const clip = useRef<{ start: number; end: number } | null>(null);
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState(1);
  const [sound, setSound] = useState<Player["sound"]>("preparing");
  useEffect(() => {
    const ready = () => setSound("ready");
    const failed = () => setSound("failed");
    audio.addEventListener("loadedmetadata", ready);
    audio.addEventListener("error", failed);
    audio.src = source;
    return () => {
      audio.removeEventListener("loadedmetadata", ready);
      audio.removeEventListener("error", failed);
      audio.pause();
      audio.removeAttribute("src");
      audio.load(); // ends the transfer
    };
  }, [audio, source]);
  useEffect(() => {
    audio.playbackRate = speed;
  }, [audio, speed]);
  useEffect(() => {
    const state = () => setPlaying(!audio.paused);
    // `timeupdate` comes four times a second at best: a clip would run into the words after it.
    let frame = 0;
    const again = () => {
      if (clip.current !== null && audio.currentTime >= clip.current.end) {
        audio.currentTime = clip.current.start;
      }
      frame = audio.paused ? 0 : requestAnimationFrame(again);
    };
    const watch = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(again);
    };
    const events = ["play", "pause", "ended"] as const;
    for (const event of events) {
      audio.addEventListener(event, state);
    }
    audio.addEventListener("play", watch);
    return () => {
      for (const event of events) {
        audio.removeEventListener(event, state);
      }
      audio.removeEventListener("play", watch);
      cancelAnimationFrame(frame);
    };
  }, [audio]);
  return useMemo(
    () => ({
      audio,
      playing,
      speed,
      sound,
      retry: () => {
        setSound("preparing");
        audio.load();
      },
      play: (start, end) => {
        clip.current = start !== undefined && end !== undefined ? { start, end } : null;
        if (start !== undefined) {
          audio.currentTime = start;
        }
        void audio.play().catch(() => undefined); // a browser that refuses shows it as paused
      },
      pause: () => audio.pause(),
      seek: (second) => {
        clip.current = null;
        audio.currentTime = Math.max(0, second);
      },
      setSpeed,
    }),
    [audio, playing, speed, sound],
  );
}

/** Something about the moment of a recording, anew only when it is another. */
export function useMoment<T>(audio: HTMLAudioElement, read: (second: number) => T): T {
  const subscribe = useMemo(
    () => (told: () => void) => {
      audio.addEventListener("timeupdate", told);
      audio.addEventListener("seeked", told);
      return () => {
        audio.removeEventListener("timeupdate", told);
        audio.removeEventListener("seeked", told);
      };
    },
    [audio],
  );
  return useSyncExternalStore(subscribe, () => read(audio.currentTime));
}
