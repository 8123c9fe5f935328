import { useQueryClient } from "@tanstack/react-query";
import { Button, Card, Popconfirm, Table } from "antd";
import { api, type Schemas } from "../../api/client";
import { useClock, useWho } from "../../app/session";
import { useAddress } from "../../shared/address";
import { Mark } from "../../shared/Mark";
import { Pages } from "../../shared/Pages";
import { Failed, Nothing } from "../../shared/States";
import { useSay, type Words } from "../../shared/words";

const WORDS = {
  title: { zh: "删除令", en: "Orders of deletion" },
  none: { zh: "没有删除令。", en: "There is no order." },
  number: { zh: "编号", en: "No." },
  subject: { zh: "对象", en: "Of what" },
  reason: { zh: "依据", en: "Reason" },
  ordered: { zh: "申请", en: "Ordered" },
  approved: { zh: "批准", en: "Agreed" },
  state: { zh: "状态", en: "State" },
  by: { zh: "{who}，{when}", en: "{who}, {when}" },
  approve: { zh: "批准", en: "Agree" },
  approveWhich: { zh: "批准删除令 {id}", en: "Agree to order {id}" },
  sure: { zh: "下一次清理时将永久删除。确定批准？", en: "The next run deletes it for good. Agree?" },
  own: { zh: "须由他人批准", en: "another person agrees" },
} satisfies Record<string, Words>;
const STATES: Record<Order["state"], Words> = {
  waiting: { zh: "待第二人批准", en: "waits for a second person" },
  ordered: { zh: "待清理", en: "the next run does it" },
  done: { zh: "已删除", en: "done" },
};

type Order = Schemas["OrderLine"];
const LIST = "/api/v1/subjects/erase";

/** Orders of deletion, newest first; a second person agrees to those of others. */
export function Erasures() {
  const t = useSay();
  const who = useWho();
  const { moment } = useClock();
  const queries = useQueryClient();
  const [{ cursor }] = useAddress("cursor");
  const { data, error, refetch, isFetching } = api.useQuery("get", LIST, {
    params: { query: cursor ? { cursor } : {} },
  });
  const approve = api.useMutation("post", "/api/v1/subjects/erase/{order}/approve", {
    onSettled: () => queries.invalidateQueries({ queryKey: ["get", LIST] }),
  });
  const by = (person: string | null, at: string | null) =>
    person && at ? t(WORDS.by, { who: person, when: moment(at) }) : "—";
  return (
    <Card title={t(WORDS.title)} className="block">
      {error && <Failed error={error} retry={refetch} />}
      {approve.error && <Failed error={approve.error} />}
      <Table<Order>
        rowKey="id"
        size="small"
        loading={isFetching && !data}
        dataSource={data?.items ?? []}
        pagination={false}
        scroll={{ x: 900 }}
        locale={{ emptyText: <Nothing words={WORDS.none} /> }}
        columns={[
          { title: t(WORDS.number), dataIndex: "id" },
          { title: t(WORDS.subject), dataIndex: "subject" },
          { title: t(WORDS.reason), dataIndex: "reason" },
          { title: t(WORDS.ordered), render: (_, each) => by(each.ordered_by, each.ordered_at) },
          { title: t(WORDS.approved), render: (_, each) => by(each.approved_by, each.approved_at) },
          {
            title: t(WORDS.state),
            render: (_, each) => (
              <Mark tone={each.state === "done" ? "good" : "warn"}>{t(STATES[each.state])}</Mark>
            ),
          },
          {
            title: t(WORDS.approve),
            render: (_, each) => {
              if (each.state !== "waiting") {
                return null;
              }
              return each.ordered_by === who.person ? (
                t(WORDS.own)
              ) : (
                <Popconfirm
                  title={t(WORDS.sure)}
                  onConfirm={() => approve.mutate({ params: { path: { order: each.id } } })}
                >
                  <Button size="small" danger aria-label={t(WORDS.approveWhich, { id: each.id })}>
                    {t(WORDS.approve)}
                  </Button>
                </Popconfirm>
              );
            },
          },
        ]}
      />
      <Pages next={data?.next} />
    </Card>
  );
}
