import { useEffect, useRef } from "react";
import type { Verdict } from "./decisions";
import { type Command, commandOf } from "./keys";
import { type Player, SPEEDS } from "./usePlayer";

type Doing = {
  player: Player;
  step: (by: number) => void;
  loop: () => void;
  decide: (verdict: Verdict) => void;
  undo: () => void;
  missed: () => void;
  help: () => void;
};

const JUMP_S = 5;

/** Lets a reviewer work without a mouse. */
export function useKeys(doing: Doing): void {
  const latest = useRef(doing);
  latest.current = doing;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const command = commandOf(event);
      if (command !== null) {
        event.preventDefault();
        run(command, latest.current);
      }
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
}

function run(command: Command, { player, step, loop, decide, undo, missed, help }: Doing): void {
  const jump = (seconds: number) => player.seek(player.audio.currentTime + seconds);
  const speed = (by: number) => {
    const at = (SPEEDS as readonly number[]).indexOf(player.speed) + by;
    player.setSpeed(SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, at))] ?? 1);
  };
  const done: Record<Command, () => void> = {
    play: () => (player.playing ? player.pause() : player.play()),
    next: () => step(1),
    previous: () => step(-1),
    true: () => decide("true"),
    false: () => decide("false"),
    unsure: () => decide("unsure"),
    loop,
    undo,
    missed,
    help,
    slower: () => speed(-1),
    faster: () => speed(1),
    back: () => jump(-JUMP_S),
    forward: () => jump(JUMP_S),
  };
  done[command]();
}
