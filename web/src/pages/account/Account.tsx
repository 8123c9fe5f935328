import { Typography } from "antd";
import { useWho } from "../../app/session";
import { useSay, type Words } from "../../shared/words";
import { Keys } from "./Keys";
import { Password } from "./Password";
import { SignIns } from "./SignIns";

const WORDS = {
  title: { zh: "我的账户", en: "My account" },
  factor: { zh: "设置第二因素（验证器）", en: "Set up a second factor (authenticator)" },
} satisfies Record<string, Words>;

/** How one signs in, where one is signed in, and the keys of one's programs. */
export default function Account() {
  const t = useSay();
  const who = useWho();
  return (
    <>
      <Typography.Title level={1}>{t(WORDS.title)}</Typography.Title>
      <Typography.Paragraph>
        {who.name ?? who.person} ({who.person})
      </Typography.Paragraph>
      <p>
        <a href="/sign-in/second-factor">{t(WORDS.factor)}</a>
      </p>
      <Password />
      <SignIns />
      <Keys />
    </>
  );
}
