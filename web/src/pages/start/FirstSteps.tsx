import { Card, Typography } from "antd";
import { Link } from "react-router";
import { api } from "../../api/client";
import { Mark } from "../../shared/Mark";
import { useSay, type Words } from "../../shared/words";
import { firstSteps, type Step } from "./firstSteps";

const WORDS = {
  title: { zh: "开始使用", en: "First steps" },
  recordings: { zh: "接入录音", en: "Let recordings in" },
  recordingsHow: {
    zh: "在服务器上运行 diting demo 可先载入示例通话；接入录音系统请编辑来源文件，再到“录音来源”中测试。",
    en: "`diting demo` on the server loads the sample calls. For your recorder, write a file of sources, then try it under Imports.",
  },
  people: { zh: "添加人员", en: "Add people" },
  peopleHow: {
    zh: "为质检员、主管、投诉专员等建立账号，角色决定其可见范围。",
    en: "Make accounts for reviewers, supervisors and complaint officers; their roles decide what they see.",
  },
  done: { zh: "已完成", en: "done" },
  open: { zh: "待完成", en: "to do" },
} satisfies Record<string, Words>;

const PLACES: Record<Step["key"], { to: string; how: Words }> = {
  recordings: { to: "/imports", how: WORDS.recordingsHow },
  people: { to: "/people", how: WORDS.peopleHow },
};

/** Leads whoever set the house up to what it still lacks; nothing once it lacks nothing. */
export function FirstSteps() {
  const t = useSay();
  const people = api.useQuery("get", "/api/v1/people");
  const sources = api.useQuery("get", "/api/v1/sources");
  const work = api.useQuery("get", "/api/v1/work");
  if (!people.data || !sources.data || !work.data) {
    return null; // a hint, which nothing waits for
  }
  const steps = firstSteps({
    people: people.data.length,
    sources: sources.data.items.length,
    calls: Object.values(work.data.states).reduce((sum, each) => sum + each, 0),
  });
  if (steps.length === 0) {
    return null;
  }
  return (
    <Card title={t(WORDS.title)} className="block waiting">
      <ul>
        {steps.map(({ key, done }) => (
          <li key={key}>
            <Mark tone={done ? "good" : "warn"}>{t(done ? WORDS.done : WORDS.open)}</Mark>
            <Link to={PLACES[key].to}>{t(WORDS[key])}</Link>
            <Typography.Text type="secondary">{t(PLACES[key].how)}</Typography.Text>
          </li>
        ))}
      </ul>
    </Card>
  );
}
