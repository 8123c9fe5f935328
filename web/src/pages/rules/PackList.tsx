import { Alert, Card, Flex, Space, Typography } from "antd";
import { Link } from "react-router";
import { api, type Schemas } from "../../api/client";
import { useClock } from "../../app/session";
import { Mark } from "../../shared/Mark";
import { Failed, Loading } from "../../shared/States";
import { useLanguage, useSay, type Words } from "../../shared/words";
import { TryBox } from "./TryBox";
import { STATUSES } from "./words";

const WORDS = {
  title: { zh: "规则", en: "Rules" },
  shipped: { zh: "随系统发布", en: "Comes with Diting" },
  approved: { zh: "{person} 于 {when} 批准", en: "Approved by {person}, {when}" },
  unapproved: { zh: "未批准，不参与判定", en: "Not approved: it judges nothing" },
  waiting: { zh: "{count} 个版本待批准", en: "{count} versions wait for approval" },
  version: { zh: "版本 {version}", en: "Version {version}" },
} satisfies Record<string, Words>;

/** The packs of rules, and a box to try sentences in. */
export function PackList() {
  const t = useSay();
  const { data, error, refetch } = api.useQuery("get", "/api/v1/packs");
  return (
    <>
      <Typography.Title level={1}>{t(WORDS.title)}</Typography.Title>
      <TryBox />
      {error ? <Failed error={error} retry={refetch} /> : data ? null : <Loading />}
      <Flex vertical gap="middle">
        {data?.items.map((pack) => (
          <Pack key={pack.pack} pack={pack} />
        ))}
      </Flex>
    </>
  );
}

function Pack({ pack }: { pack: Schemas["PackOut"] }) {
  const t = useSay();
  const { lang } = useLanguage();
  return (
    <Card
      title={<Link to={encodeURIComponent(pack.pack)}>{pack.title?.[lang] ?? pack.pack}</Link>}
      extra={<Typography.Text code>{pack.pack}</Typography.Text>}
    >
      {pack.problem && (
        <Alert type="error" showIcon title={pack.problem.message} description={pack.problem.mend} />
      )}
      <Space wrap size={[8, 8]}>
        {pack.version && <span>{t(WORDS.version, { version: pack.version })}</span>}
        <Approval pack={pack} />
        {pack.proposals > 0 && <Mark tone="warn">{t(WORDS.waiting, { count: pack.proposals })}</Mark>}
        {Object.entries(pack.rules ?? {}).map(([status, count]) => (
          <Mark key={status}>
            {STATUSES[status] ? t(STATUSES[status]) : status} {count}
          </Mark>
        ))}
      </Space>
    </Card>
  );
}

function Approval({ pack }: { pack: Schemas["PackOut"] }) {
  const t = useSay();
  const { moment } = useClock();
  if (pack.approved_by) {
    const when = moment(pack.approved_at);
    return <Mark tone="good">{t(WORDS.approved, { person: pack.approved_by, when })}</Mark>;
  }
  return pack.approved ? (
    <Mark tone="good">{t(WORDS.shipped)}</Mark>
  ) : (
    <Mark tone="bad">{t(WORDS.unapproved)}</Mark>
  );
}
