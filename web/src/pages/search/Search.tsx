import { Alert, Flex, Input, List, Segmented, Typography } from "antd";
import { Link } from "react-router";
import { api, type Schemas } from "../../api/client";
import { useClock, useMay, useName } from "../../app/session";
import { useAddress } from "../../shared/address";
import { Mark, TONES } from "../../shared/Mark";
import { Pages } from "../../shared/Pages";
import { Failed, Loading, Nothing } from "../../shared/States";
import { position } from "../../shared/time";
import { useSay, type Words } from "../../shared/words";
import { asked, FILTERS, type Sort } from "./filters";
import { pieces } from "./marks";
import { Saved } from "./Saved";
import { SearchFilters } from "./SearchFilters";

const WORDS = {
  title: { zh: "全文检索", en: "Search what was said" },
  what: { zh: "查找的话", en: "Words to look for" },
  hint: {
    zh: '例如：投诉 律师，speaker:customer 投诉，"法律责任"',
    en: 'For example: 投诉 律师, speaker:customer 投诉, "法律责任"',
  },
  begin: { zh: "输入要查找的话。", en: "Type the words to look for." },
  how: {
    zh: "空格表示都要出现；OR 表示其一；减号表示不出现；speaker:customer 只查客户所说。七位及以上的号码不能检索。",
    en: "Words apart must all be said; OR: one of the two; minus: not said; speaker:customer: said by the customer. Numbers of seven digits or more cannot be searched for.",
  },
  none: { zh: "没有通话提到这些话。", en: "In no call was that said." },
  sort: { zh: "排序", en: "Order" },
  time: { zh: "最新在前", en: "Newest first" },
  relevance: { zh: "最相关在前", en: "Most often said first" },
  more: { zh: "共 {count} 处提到", en: "said in {count} turns" },
} satisfies Record<string, Words>;

/** Calls by what was said in them, with the words marked where they were said. */
export default function Search() {
  const t = useSay();
  const may = useMay();
  const [shown, change] = useAddress("q", "sort", "cursor", ...FILTERS);
  const q = shown.q?.trim() ?? "";
  const { zone } = useClock();
  const found = api.useQuery(
    "get",
    "/api/v1/search",
    { params: { query: { q, ...asked(shown, zone) } } },
    { enabled: q !== "" },
  );
  return (
    <>
      <Typography.Title level={1}>{t(WORDS.title)}</Typography.Title>
      <Input.Search
        key={q}
        size="large"
        enterButton
        allowClear
        aria-label={t(WORDS.what)}
        placeholder={t(WORDS.hint)}
        defaultValue={q}
        maxLength={200}
        onSearch={(value) => change({ q: value })}
      />
      <Typography.Paragraph type="secondary">{t(WORDS.how)}</Typography.Paragraph>
      <SearchFilters shown={shown} change={change} />
      <Flex gap="small" wrap align="center" justify="space-between">
        <Segmented<Sort>
          aria-label={t(WORDS.sort)}
          value={(shown.sort as Sort | undefined) ?? "time"}
          onChange={(sort) => change({ sort })}
          options={(["time", "relevance"] as const).map((value) => ({ value, label: t(WORDS[value]) }))}
        />
        {may("searches.keep") && <Saved shown={shown} zone={zone} />}
      </Flex>
      {q === "" && <Alert type="info" showIcon title={t(WORDS.begin)} className="block" />}
      {found.error ? <Failed error={found.error} retry={found.refetch} /> : null}
      {found.isLoading && <Loading />}
      {found.data?.items.length === 0 && <Nothing words={WORDS.none} />}
      {found.data && found.data.items.length > 0 && (
        <List
          dataSource={found.data.items}
          rowKey={(hit) => hit.call.id}
          renderItem={(hit) => <Hit hit={hit} />}
        />
      )}
      <Pages next={found.data?.next} />
    </>
  );
}

// The client widens pairs of numbers to lists of them.
type Found = Omit<Schemas["HitOut"], "turns"> & {
  turns: (Omit<Schemas["HitOut"]["turns"][number], "spans"> & { spans: number[][] })[];
};

function Hit({ hit: { call, turns, matching_turns: matching } }: { hit: Found }) {
  const t = useSay();
  const name = useName();
  const { moment } = useClock();
  return (
    <List.Item>
      <List.Item.Meta
        title={
          <Flex gap="small" wrap>
            <Link to={`/calls/${call.id}`}>{call.external_id}</Link>
            <span>{moment(call.started_at)}</span>
            <span>
              {call.agent.name ?? call.agent.id ?? "—"} · {call.customer.name ?? call.customer.id ?? "—"}
            </span>
            {call.score?.band && <Mark tone={TONES[call.score.band]}>{name("bands", call.score.band)}</Mark>}
            <Typography.Text type="secondary">{t(WORDS.more, { count: matching })}</Typography.Text>
          </Flex>
        }
        description={turns.map((turn) => (
          <div key={turn.turn} className="hit">
            <Link to={`/calls/${call.id}?at=${turn.start}`}>{position(turn.start)}</Link>{" "}
            {name("speakers", turn.speaker)}:{" "}
            {pieces(turn.text, turn.spans).map((piece) =>
              piece.found ? (
                <mark key={piece.at}>{piece.text}</mark>
              ) : (
                <span key={piece.at}>{piece.text}</span>
              ),
            )}
          </div>
        ))}
      />
    </List.Item>
  );
}
