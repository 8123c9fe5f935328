import { Button, Flex, Switch, Table, Typography } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { api, type Schemas } from "../../api/client";
import { useClock, useMay } from "../../app/session";
import { useAddress } from "../../shared/address";
import { Mark } from "../../shared/Mark";
import { Pages } from "../../shared/Pages";
import { Failed, Nothing } from "../../shared/States";
import { useSay, type Words } from "../../shared/words";
import { HoldForm } from "./HoldForm";

const WORDS = {
  title: { zh: "证据保全", en: "Legal holds" },
  add: { zh: "保全一通通话", en: "Hold a call" },
  past: { zh: "显示已解除", en: "Show released ones" },
  none: { zh: "没有保全中的通话。", en: "No call is held." },
  call: { zh: "通话", en: "Call" },
  case: { zh: "案件", en: "Case" },
  byHand: { zh: "人工设置", en: "by hand" },
  by: { zh: "设置人", en: "Set by" },
  at: { zh: "设置时间", en: "Since" },
  reason: { zh: "依据", en: "Reason" },
  state: { zh: "状态", en: "State" },
  held: { zh: "保全中", en: "held" },
  released: { zh: "{who} 于 {when} 解除：{why}", en: "released by {who} at {when}: {why}" },
  release: { zh: "解除", en: "Release" },
  releaseWhich: { zh: "解除通话 {call} 的保全", en: "Release call {call}" },
} satisfies Record<string, Words>;

type Hold = Schemas["HoldOut"];

/** What nothing may delete, newest first. What a case holds is released in the case. */
export function Holds() {
  const t = useSay();
  const { moment } = useClock();
  const hands = useMay()("retention.hold");
  const [{ past, cursor }, change] = useAddress("past", "cursor");
  const [open, setOpen] = useState<Hold | "new" | null>(null);
  const { data, error, refetch, isFetching } = api.useQuery("get", "/api/v1/retention/holds", {
    params: { query: { past: past === "true", ...(cursor && { cursor }) } },
  });
  const standing = (hold: Hold) =>
    hold.released_at === null ? (
      <Mark tone="warn">{t(WORDS.held)}</Mark>
    ) : (
      t(WORDS.released, {
        who: hold.released_by ?? "—",
        when: moment(hold.released_at),
        why: hold.release_reason ?? "—",
      })
    );
  return (
    <>
      <Flex justify="space-between" align="center" wrap gap="small">
        <Typography.Title level={1}>{t(WORDS.title)}</Typography.Title>
        {hands && (
          <Button type="primary" onClick={() => setOpen("new")}>
            {t(WORDS.add)}
          </Button>
        )}
      </Flex>
      <div className="filters">
        <Switch
          checked={past === "true"}
          onChange={(on) => change({ past: on ? "true" : null })}
          aria-label={t(WORDS.past)}
        />{" "}
        {t(WORDS.past)}
      </div>
      {error ? (
        <Failed error={error} retry={refetch} />
      ) : (
        <Table<Hold>
          rowKey="id"
          size="small"
          loading={isFetching && !data}
          dataSource={data?.items ?? []}
          pagination={false}
          scroll={{ x: 800 }}
          locale={{ emptyText: <Nothing words={WORDS.none} /> }}
          columns={[
            {
              title: t(WORDS.call),
              render: (_, hold) => <Link to={`/calls/${hold.call_id}`}>{hold.call_id}</Link>,
            },
            { title: t(WORDS.case), render: (_, hold) => hold.case ?? t(WORDS.byHand) },
            { title: t(WORDS.by), dataIndex: "set_by" },
            { title: t(WORDS.at), render: (_, hold) => moment(hold.set_at) },
            { title: t(WORDS.reason), dataIndex: "reason" },
            { title: t(WORDS.state), render: (_, hold) => standing(hold) },
            {
              title: "",
              render: (_, hold) =>
                hands &&
                hold.case === null &&
                hold.released_at === null && (
                  <Button
                    size="small"
                    onClick={() => setOpen(hold)}
                    aria-label={t(WORDS.releaseWhich, { call: hold.call_id })}
                  >
                    {t(WORDS.release)}
                  </Button>
                ),
            },
          ]}
        />
      )}
      <Pages next={data?.next} />
      {open && <HoldForm call={open === "new" ? null : open.call_id} done={() => setOpen(null)} />}
    </>
  );
}
