import { useQueryClient } from "@tanstack/react-query";
import { Breadcrumb, Button, Descriptions, Flex, Input, Typography } from "antd";
import { useState } from "react";
import { Link, useParams } from "react-router";
import { api, type Schemas } from "../../api/client";
import { useClock, useMay, useWho } from "../../app/session";
import { Mark, type Tone } from "../../shared/Mark";
import { Failed, Loading } from "../../shared/States";
import { useList, useSay, type Words } from "../../shared/words";
import { Backtest } from "./Backtest";

const WORDS = {
  rules: { zh: "规则", en: "Rules" },
  title: { zh: "{pack} 第 {version} 版", en: "{pack}, version {version}" },
  proposed: { zh: "待批准", en: "waits for another person" },
  approved: { zh: "已批准", en: "approved" },
  withdrawn: { zh: "已停用", en: "stopped" },
  judging: { zh: "正在使用", en: "judges now" },
  by: { zh: "提出", en: "Proposed" },
  approvedBy: { zh: "批准", en: "Approved" },
  stoppedBy: { zh: "停用", en: "Stopped" },
  against: { zh: "对照", en: "Against" },
  changes: { zh: "改动", en: "What changes" },
  added: { zh: "新增规则", en: "New rules" },
  changed: { zh: "修改规则", en: "Changed rules" },
  removed: { zh: "删除规则", en: "Rules taken away" },
  approve: { zh: "批准", en: "Approve" },
  reject: { zh: "驳回", en: "Reject" },
  withdraw: { zh: "停用", en: "Stop it" },
  takeBack: { zh: "撤回", en: "Take it back" },
  because: { zh: "理由（驳回、停用时填写）", en: "Why (to reject or to stop)" },
  own: { zh: "您提出的版本须由另一人批准。", en: "You proposed it: another person approves it." },
} satisfies Record<string, Words>;

const TONES: Record<Proposed["state"], Tone> = { proposed: "warn", approved: "good", withdrawn: "plain" };

type Proposed = Schemas["ProposalOut"];

/** One proposed version of a pack: what it changes, what that would do, and the second person's word. */
export function Proposal() {
  const t = useSay();
  const { pack = "", proposal = "" } = useParams();
  const path = { pack, proposal: Number(proposal) };
  const { data, error, refetch } = api.useQuery("get", "/api/v1/packs/{pack}/proposals/{proposal}", {
    params: { path },
  });
  if (error) {
    return <Failed error={error} retry={refetch} />;
  }
  if (!data) {
    return <Loading />;
  }
  const way = [
    { title: <Link to="/rules">{t(WORDS.rules)}</Link> },
    { title: <Link to={`/rules/${pack}`}>{pack}</Link> },
    { title: data.version },
  ];
  return (
    <>
      <Breadcrumb items={way} />
      <Flex gap="small" align="center" wrap>
        <Typography.Title level={1} style={{ margin: 0 }}>
          {t(WORDS.title, { pack, version: data.version })}
        </Typography.Title>
        <Mark tone={TONES[data.state]}>{t(WORDS[data.state])}</Mark>
        {data.judging && <Mark tone="info">{t(WORDS.judging)}</Mark>}
      </Flex>
      <Facts proposed={data} />
      <Decide proposed={data} />
      <Changes proposed={data} />
      <Backtest pack={pack} proposal={data.number} />
    </>
  );
}

function Facts({ proposed }: { proposed: Proposed }) {
  const t = useSay();
  const { moment } = useClock();
  const told = (by: string | null, at: string | null) => by && at && `${by} · ${moment(at)}`;
  const { rules } = proposed.difference;
  const inRow = useList();
  const list = (ids: readonly unknown[]) =>
    inRow(ids.map((each) => (typeof each === "string" ? each : JSON.stringify(each))));
  const items = [
    { label: t(WORDS.by), children: told(proposed.proposed_by, proposed.proposed_at) },
    { label: t(WORDS.approvedBy), children: told(proposed.approved_by, proposed.approved_at) },
    { label: t(WORDS.stoppedBy), children: told(proposed.withdrawn_by, proposed.withdrawn_at) },
    { label: t(WORDS.against), children: proposed.against },
    { label: t(WORDS.added), children: list(rules.added) },
    { label: t(WORDS.changed), children: list(rules.changed) },
    { label: t(WORDS.removed), children: list(rules.removed) },
  ]
    .filter(({ children }) => children)
    .map((item, key) => ({ ...item, key }));
  return <Descriptions column={1} size="small" items={items} className="block" />;
}

function Changes({ proposed }: { proposed: Proposed }) {
  const t = useSay();
  return (
    <>
      <Typography.Title level={2}>{t(WORDS.changes)}</Typography.Title>
      {proposed.files.map((each) => (
        <section key={each.file}>
          <Typography.Title level={3}>{each.file}</Typography.Title>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
          <pre className="code" tabIndex={0}>
            {lines(each.diff).map(({ text, line }) => (
              <span
                key={line}
                className={text.startsWith("+") ? "plus" : text.startsWith("-") ? "minus" : ""}
              >
                {text}
                {"\n"}
              </span>
            ))}
          </pre>
        </section>
      ))}
    </>
  );
}

function lines(text: string): { text: string; line: number }[] {
  return text.split("\n").map((each, line) => ({ text: each, line }));
}

function Decide({ proposed }: { proposed: Proposed }) {
  const t = useSay();
  const may = useMay();
  const who = useWho();
  const queries = useQueryClient();
  const [because, setBecause] = useState("");
  const onSettled = () =>
    queries.invalidateQueries({
      predicate: ({ queryKey }) => String(queryKey[1]).startsWith("/api/v1/packs"),
    });
  const approve = api.useMutation("post", "/api/v1/packs/{pack}/proposals/{proposal}/approve", { onSettled });
  const reject = api.useMutation("post", "/api/v1/packs/{pack}/proposals/{proposal}/reject", { onSettled });
  const withdraw = api.useMutation("post", "/api/v1/packs/{pack}/proposals/{proposal}/withdraw", {
    onSettled,
  });
  const own = proposed.proposed_by === who.person;
  const waits = proposed.state === "proposed";
  if (!may("rules.approve") || (!waits && !proposed.judging)) {
    return null;
  }
  const params = { path: { pack: proposed.pack, proposal: proposed.number } };
  const said = { params, body: because.trim() === "" ? {} : { because: because.trim() } };
  const silent = because.trim() === "";
  const error = approve.error ?? reject.error ?? withdraw.error;
  return (
    <Flex vertical gap="small" className="block">
      <Input
        aria-label={t(WORDS.because)}
        placeholder={t(WORDS.because)}
        value={because}
        maxLength={1000}
        onChange={(event) => setBecause(event.target.value)}
      />
      <Flex gap="small" wrap align="center">
        {waits && (
          <Button
            type="primary"
            disabled={own}
            loading={approve.isPending}
            onClick={() => approve.mutate({ params })}
          >
            {t(WORDS.approve)}
          </Button>
        )}
        {waits && !own && (
          <Button disabled={silent} loading={reject.isPending} onClick={() => reject.mutate(said)}>
            {t(WORDS.reject)}
          </Button>
        )}
        {(own || !waits) && (
          <Button
            disabled={!own && silent}
            loading={withdraw.isPending}
            onClick={() => withdraw.mutate(said)}
          >
            {t(own && waits ? WORDS.takeBack : WORDS.withdraw)}
          </Button>
        )}
        {waits && own && <Typography.Text type="secondary">{t(WORDS.own)}</Typography.Text>}
      </Flex>
      {error && <Failed error={error} />}
    </Flex>
  );
}
