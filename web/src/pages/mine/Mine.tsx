import { Flex, List, Typography } from "antd";
import { Link } from "react-router";
import { api, type Schemas } from "../../api/client";
import { useClock, useName } from "../../app/session";
import { useAddress } from "../../shared/address";
import { Mark, TONES } from "../../shared/Mark";
import { Pages } from "../../shared/Pages";
import { Failed, Loading, Nothing } from "../../shared/States";
import { useSay, type Words } from "../../shared/words";
import { Feedback } from "./Feedback";
import { Trend } from "./Trend";

const WORDS = {
  title: { zh: "我的通话", en: "My calls" },
  tickets: { zh: "质检结果", en: "Reviews of my calls" },
  none: { zh: "还没有质检反馈。", en: "None of your calls has been reviewed yet." },
  until: { zh: "{when} 前可申诉", en: "Appeal before {when}" },
} satisfies Record<string, Words>;

/** What became of a collector's own calls: hear it, read it, accept it or appeal. */
export default function Mine() {
  const t = useSay();
  const [{ ticket }] = useAddress("ticket");
  return (
    <>
      <Typography.Title level={1}>{t(WORDS.title)}</Typography.Title>
      <div className="columns">
        <section>
          <Typography.Title level={2}>{t(WORDS.tickets)}</Typography.Title>
          <Tickets />
        </section>
        <section>
          {ticket === undefined ? <Trend /> : <Feedback key={ticket} ticket={Number(ticket)} />}
        </section>
      </div>
    </>
  );
}

function Tickets() {
  const [{ cursor }] = useAddress("cursor");
  const { data, error, refetch } = api.useQuery("get", "/api/v1/tickets", {
    params: { query: cursor === undefined ? {} : { cursor } },
  });
  if (error) {
    return <Failed error={error} retry={refetch} />;
  }
  if (!data) {
    return <Loading />;
  }
  if (data.items.length === 0) {
    return <Nothing words={WORDS.none} />;
  }
  return (
    <>
      <List
        bordered
        className="sheet"
        dataSource={data.items}
        renderItem={(each) => <Line ticket={each} />}
      />
      <Pages next={data.next} />
    </>
  );
}

function Line({ ticket }: { ticket: Schemas["TicketOut"] }) {
  const t = useSay();
  const name = useName();
  const { moment } = useClock();
  return (
    <List.Item>
      <Flex gap="small" wrap align="center">
        <Link to={`?ticket=${ticket.id}`}>{ticket.call.split("/").at(-1)}</Link>
        <Mark tone={ticket.state === "shared" ? "warn" : "plain"}>{name("ticket_states", ticket.state)}</Mark>
        {ticket.final_band && <Mark tone={TONES[ticket.final_band]}>{name("bands", ticket.final_band)}</Mark>}
        {ticket.state === "shared" && ticket.appeal_until && (
          <span>{t(WORDS.until, { when: moment(ticket.appeal_until) })}</span>
        )}
      </Flex>
    </List.Item>
  );
}
