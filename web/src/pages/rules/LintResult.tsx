import { Alert, List } from "antd";
import type { Schemas } from "../../api/client";
import { Mark } from "../../shared/Mark";
import { useLanguage, useSay, type Words } from "../../shared/words";

const WORDS = {
  fine: {
    zh: "没有问题，示例全部符合预期。",
    en: "Nothing is wrong, and every example comes out as it should.",
  },
  failing: {
    zh: "写法没有问题，但有示例不符合预期。",
    en: "It is well written, but examples come out otherwise.",
  },
  wrong: { zh: "{count} 处问题", en: "{count} things are wrong" },
  line: { zh: "第 {line} 行", en: "Line {line}" },
  violates: { zh: "应当命中", en: "must be found" },
  allowed: { zh: "不应命中", en: "must stay silent" },
  passes: { zh: "通过", en: "passes" },
  fails: { zh: "不通过", en: "fails" },
} satisfies Record<string, Words>;

type Props = { found: Schemas["LintOut"]; toLine: (line: number) => void };

/** What is wrong with a rule as it is written, where, and what to do; then how its examples come out. */
export function LintResult({ found: { problems, tests }, toLine }: Props) {
  const t = useSay();
  const { lang } = useLanguage();
  if (problems.length > 0) {
    return (
      <>
        <Alert type="error" showIcon title={t(WORDS.wrong, { count: problems.length })} />
        <List
          dataSource={problems}
          renderItem={(each) => (
            <List.Item>
              <div>
                <button type="button" className="link" onClick={() => toLine(each.line)}>
                  {t(WORDS.line, { line: each.line })}
                </button>{" "}
                <code>{each.field}</code> {each.message[lang]} <em>{each.mend[lang]}</em>
              </div>
            </List.Item>
          )}
        />
      </>
    );
  }
  const failing = tests.some(({ passes }) => !passes);
  return (
    <>
      <Alert
        type={failing ? "warning" : "success"}
        showIcon
        title={t(failing ? WORDS.failing : WORDS.fine)}
      />
      <List
        dataSource={[...tests].sort((one, other) => Number(one.passes) - Number(other.passes))}
        renderItem={(each) => (
          <List.Item>
            <div>
              <Mark tone={each.passes ? "good" : "bad"}>{t(each.passes ? WORDS.passes : WORDS.fails)}</Mark>{" "}
              {each.text[lang]} <Mark>{t(WORDS[each.expected])}</Mark>
            </div>
          </List.Item>
        )}
      />
    </>
  );
}
