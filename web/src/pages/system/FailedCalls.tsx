import { useQueryClient } from "@tanstack/react-query";
import { Button, Table, Typography } from "antd";
import { Link } from "react-router";
import { api, type Schemas } from "../../api/client";
import { useClock, useMay } from "../../app/session";
import { Failed, Nothing } from "../../shared/States";
import { useSay, type Words } from "../../shared/words";

const WORDS = {
  title: { zh: "失败的通话", en: "Failed calls" },
  none: { zh: "没有失败的通话。", en: "No call failed." },
  call: { zh: "通话", en: "Call" },
  stage: { zh: "环节", en: "Stage" },
  why: { zh: "原因", en: "Why" },
  when: { zh: "时间", en: "When" },
  retry: { zh: "重新处理 {call}", en: "Work on {call} again" },
} satisfies Record<string, Words>;

type Failure = Schemas["FailedCall"];

/** Calls that could not be worked on, why, and a way to try again. */
export function FailedCalls() {
  const t = useSay();
  const may = useMay();
  const { moment } = useClock();
  const queries = useQueryClient();
  const { data, error, refetch } = api.useQuery("get", "/api/v1/work/failed");
  const retry = api.useMutation("post", "/api/v1/work/failed/{number}/retry", {
    onSettled: () =>
      queries.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[1]).includes("/work") }),
  });
  if (error) {
    return <Failed error={error} retry={refetch} />;
  }
  return (
    <section>
      <Typography.Title level={2}>{t(WORDS.title)}</Typography.Title>
      {retry.error && <Failed error={retry.error} />}
      <Table<Failure>
        rowKey="call_id"
        size="small"
        dataSource={data?.items ?? []}
        pagination={false}
        locale={{ emptyText: <Nothing words={WORDS.none} /> }}
        columns={[
          {
            title: t(WORDS.call),
            render: (_, each) => <Link to={`/calls/${each.call_id}`}>{each.call}</Link>,
          },
          { title: t(WORDS.stage), dataIndex: "stage" },
          { title: t(WORDS.why), render: (_, each) => `${each.message} (${each.code})` },
          { title: t(WORDS.when), render: (_, each) => moment(each.failed_at) },
          {
            render: (_, each) =>
              may("work.retry") && (
                <Button
                  size="small"
                  loading={retry.isPending}
                  onClick={() => retry.mutate({ params: { path: { number: each.call_id } } })}
                >
                  {t(WORDS.retry, { call: each.call })}
                </Button>
              ),
          },
        ]}
      />
    </section>
  );
}
