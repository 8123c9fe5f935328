import { PauseOutlined, PlayCircleOutlined, QuestionCircleOutlined } from "@ant-design/icons";
import { Button, Flex, Segmented } from "antd";
import { position } from "../../shared/time";
import { useSay, type Words } from "../../shared/words";
import { type Player, SPEEDS, useMoment } from "./usePlayer";

const WORDS = {
  play: { zh: "播放（空格）", en: "Play (space)" },
  pause: { zh: "暂停（空格）", en: "Pause (space)" },
  speed: { zh: "语速", en: "Speed" },
  preparing: { zh: "正在准备录音…", en: "The recording is being prepared …" },
  failed: { zh: "录音无法播放。", en: "The recording cannot be played." },
  retry: { zh: "重试", en: "Try again" },
  missed: { zh: "补充漏检（M）", en: "Add what was missed (M)" },
  help: { zh: "快捷键（?）", en: "Keys (?)" },
} satisfies Record<string, Words>;

type Props = {
  player: Player;
  duration: number;
  /** Adds what was missed here; null where one may not. */
  missed: (() => void) | null;
  help: () => void;
};

/** Play and pause, where one is, and how fast. */
export function Controls({ player, duration, missed, help }: Props) {
  const t = useSay();
  const second = useMoment(player.audio, Math.floor);
  return (
    <Flex gap="small" wrap align="center" className="block">
      <Button
        type="primary"
        icon={player.playing ? <PauseOutlined aria-hidden /> : <PlayCircleOutlined aria-hidden />}
        onClick={() => (player.playing ? player.pause() : player.play())}
      >
        {t(player.playing ? WORDS.pause : WORDS.play)}
      </Button>
      {player.sound === "preparing" && <output>{t(WORDS.preparing)}</output>}
      {player.sound === "failed" && (
        <span role="alert">
          {t(WORDS.failed)}{" "}
          <button type="button" className="link" onClick={player.retry}>
            {t(WORDS.retry)}
          </button>
        </span>
      )}
      <span className="clock">
        {position(second)} / {position(duration)}
      </span>
      <Segmented<number>
        aria-label={t(WORDS.speed)}
        value={player.speed}
        onChange={player.setSpeed}
        options={SPEEDS.map((value) => ({ value, label: `${value}×` }))}
      />
      {missed && <Button onClick={missed}>{t(WORDS.missed)}</Button>}
      <Button icon={<QuestionCircleOutlined aria-hidden />} onClick={help}>
        {t(WORDS.help)}
      </Button>
    </Flex>
  );
}
