import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";

export const SPEEDS = [0.75, 1, 1.25, 1.5, 2] as const;

export type Player = {
  audio: HTMLAudioElement;
  playing: boolean;
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
  useEffect(() => {
    audio.src = source;
    return () => {
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
    const again = () => {
      if (clip.current !== null && audio.currentTime >= clip.current.end) {
        audio.currentTime = clip.current.start;
      }
    };
    const events = ["play", "pause", "ended"] as const;
    for (const event of events) {
      audio.addEventListener(event, state);
    }
    audio.addEventListener("timeupdate", again);
    return () => {
      for (const event of events) {
        audio.removeEventListener(event, state);
      }
      audio.removeEventListener("timeupdate", again);
    };
  }, [audio]);
  return useMemo(
    () => ({
      audio,
      playing,
      speed,
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
    [audio, playing, speed],
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
