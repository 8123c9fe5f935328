import { App, Button } from "antd";
import { api } from "../../api/client";
import { useExplain } from "../../shared/States";
import { useLanguage, useSay, type Words } from "../../shared/words";

const WORDS = {
  try: { zh: "测试", en: "Try" },
  which: { zh: "向渠道 {name} 发送测试消息", en: "Send a test message by {name}" },
  sent: { zh: "测试消息已送达渠道 {name}。", en: "The test message was taken by {name}." },
  failed: { zh: "渠道 {name} 未能送达", en: "{name} did not take it" },
  rests: {
    zh: "渠道连续失败后正在暂停，或已达每分钟上限，请稍后再试。",
    en: "The channel pauses after failures, or has sent all that it may in a minute. Try again later.",
  },
} satisfies Record<string, Words>;

/** Sends a test message by a channel, `to` a person where it reaches persons, and says what came of it. */
export function Trial({ channel, to, done }: { channel: string; to: string | null; done: () => void }) {
  const t = useSay();
  const { lang } = useLanguage();
  const explain = useExplain();
  const { message, modal } = App.useApp();
  const trial = api.useMutation("post", "/api/v1/notices/channels/{channel}/test", {
    onSuccess: ({ outcome, reason, help_zh: zh, help_en: en }) => {
      done();
      if (outcome === "sent") {
        void message.success(t(WORDS.sent, { name: channel }));
        return;
      }
      const help = (lang === "zh" ? zh : en) ?? (outcome === "rests" ? t(WORDS.rests) : "");
      modal.warning({
        title: t(WORDS.failed, { name: channel }),
        content: [reason, help].filter(Boolean).join(": "),
      });
    },
    onError: (error) => {
      const { title, detail } = explain(error);
      modal.error({ title, content: detail });
    },
  });
  return (
    <Button
      size="small"
      loading={trial.isPending}
      aria-label={t(WORDS.which, { name: channel })}
      onClick={() => trial.mutate({ params: { path: { channel } }, body: { to } })}
    >
      {t(WORDS.try)}
    </Button>
  );
}
