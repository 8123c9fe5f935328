import { PauseOutlined, PlayCircleOutlined, QuestionCircleOutlined } from "@ant-design/icons";
import { Button, Flex, Segmented } from "antd";
import { position } from "../../shared/time";
import { useSay, type Words } from "../../shared/words";
import { type Player, SPEEDS, useMoment } from "./usePlayer";

const WORDS = {
  play: { zh: "播放（空格）", en: "Play (space)" },
  pause: { zh: "暂停（空格）", en: "Pause (space)" },
  speed: { zh: "语速", en: "Speed" },
  help: { zh: "快捷键（?）", en: "Keys (?)" },
} satisfies Record<string, Words>;

/** Play and pause, where one is, and how fast. */
export function Controls({ player, duration, help }: { player: Player; duration: number; help: () => void }) {
  const t = useSay();
  const second = useMoment(player.audio, Math.floor);
  return (
    <Flex gap="small" wrap align="center" className="block">
      <Button
        type="primary"
        icon={player.playing ? <PauseOutlined /> : <PlayCircleOutlined />}
        onClick={() => (player.playing ? player.pause() : player.play())}
      >
        {t(player.playing ? WORDS.pause : WORDS.play)}
      </Button>
      <span className="clock">
        {position(second)} / {position(duration)}
      </span>
      <Segmented<number>
        aria-label={t(WORDS.speed)}
        value={player.speed}
        onChange={player.setSpeed}
        options={SPEEDS.map((value) => ({ value, label: `${value}×` }))}
      />
      <Button icon={<QuestionCircleOutlined />} onClick={help}>
        {t(WORDS.help)}
      </Button>
    </Flex>
  );
}
