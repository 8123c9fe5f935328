import { Button, Card, Descriptions, Flex, Typography } from "antd";
import { api, type Schemas } from "../../api/client";
import { useClock, useMay } from "../../app/session";
import { Mark } from "../../shared/Mark";
import { Failed, Loading, Nothing } from "../../shared/States";
import { useSay, type Words } from "../../shared/words";
import { DeadLetters } from "./DeadLetters";

const WORDS = {
  title: { zh: "录音来源", en: "Imports" },
  none: {
    zh: "还没有配置来源。在 DITING_SOURCES_FILE 中添加，见 docs/sources.md。",
    en: "No source is set up. Add one in DITING_SOURCES_FILE; docs/sources.md says how.",
  },
  off: { zh: "已停用", en: "Off" },
  reading: { zh: "读取中", en: "Being read" },
  taken: { zh: "已接收", en: "Taken in" },
  found: { zh: "待接收", en: "Found, not taken yet" },
  refused: { zh: "拒收", en: "Refused" },
  dead: { zh: "放弃", en: "Given up" },
  newest: { zh: "最新录音", en: "Newest" },
  scanned: { zh: "上次读取", en: "Read last" },
  test: { zh: "测试 {source}", en: "Test {source}" },
} satisfies Record<string, Words>;

type Source = Schemas["SourceOut"];

/** Where recordings come from, how far each source is, and what was given up. */
export default function Imports() {
  const t = useSay();
  const { data, error, refetch } = api.useQuery("get", "/api/v1/sources", {}, { refetchInterval: 30_000 });
  return (
    <>
      <Typography.Title level={1}>{t(WORDS.title)}</Typography.Title>
      {error ? <Failed error={error} retry={refetch} /> : data ? null : <Loading />}
      {data?.items.length === 0 && <Nothing words={WORDS.none} />}
      <Flex vertical gap="middle">
        {data?.items.map((each) => (
          <SourceCard key={each.source} source={each} />
        ))}
      </Flex>
    </>
  );
}

function SourceCard({ source }: { source: Source }) {
  const t = useSay();
  const may = useMay();
  const { moment } = useClock();
  const tried = api.useMutation("post", "/api/v1/sources/{name}/test");
  const items = [
    ...(["taken", "found", "refused", "dead"] as const).map((name) => ({
      label: t(WORDS[name]),
      children: source[name],
    })),
    { label: t(WORDS.newest), children: source.newest_at ? moment(source.newest_at) : "—" },
    { label: t(WORDS.scanned), children: source.scanned_at ? moment(source.scanned_at) : "—" },
  ].map((item, key) => ({ ...item, key }));
  return (
    <Card
      title={
        <Flex gap="small" align="center">
          {source.source} <Mark>{source.kind}</Mark>
          {!source.enabled && <Mark tone="warn">{t(WORDS.off)}</Mark>}
          {source.being_read && <Mark tone="info">{t(WORDS.reading)}</Mark>}
        </Flex>
      }
      extra={
        may("sources.manage") && (
          <Button
            loading={tried.isPending}
            onClick={() => tried.mutate({ params: { path: { name: source.source } } })}
          >
            {t(WORDS.test, { source: source.source })}
          </Button>
        )
      }
    >
      <Typography.Paragraph type="secondary">{source.place}</Typography.Paragraph>
      <Descriptions size="small" column={{ xs: 1, md: 3 }} items={items} />
      <div aria-live="polite">
        {tried.error && <Failed error={tried.error} />}
        {tried.data && <Outcome tested={tried.data} />}
      </div>
      {source.dead + source.refused > 0 && <DeadLetters source={source.source} />}
    </Card>
  );
}

function Outcome({ tested }: { tested: Schemas["TestedOut"] }) {
  const t = useSay();
  if (tested.problem) {
    return (
      <p>
        <Mark tone="bad">{tested.problem.code}</Mark> {tested.problem.message}
      </p>
    );
  }
  return (
    <p>
      <Mark tone="good">{t({ zh: "可以读取", en: "It can be read" })}</Mark>
    </p>
  );
}
