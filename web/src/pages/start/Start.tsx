/** What waits for the person who signs in, and where they may go, by what they may do. */

import { Card, Col, Row, Typography } from "antd";
import { Link } from "react-router";
import { SECTIONS } from "../../app/nav";
import { useMay, useWho } from "../../app/session";
import { useSay, type Words } from "../../shared/words";
import { Coaching, Deadlines, FailedCalls, MyTickets, OpenTickets } from "./cards";
import { FirstSteps } from "./FirstSteps";

const WORDS = {
  hello: { zh: "您好，{name}", en: "Hello, {name}" },
  everything: { zh: "全部功能", en: "Everything" },
} satisfies Record<string, Words>;

const CARDS = [
  { needs: "tickets.act", Shown: MyTickets },
  { needs: "roles.decide", Shown: OpenTickets },
  { needs: "deadlines.read", Shown: Deadlines },
  { needs: "coaching.manage", Shown: Coaching },
  { needs: "work.read", Shown: FailedCalls },
];

export default function Start() {
  const t = useSay();
  const who = useWho();
  const may = useMay();
  return (
    <>
      <Typography.Title level={1}>{t(WORDS.hello, { name: who.name ?? who.person })}</Typography.Title>
      {may("people.manage") && <FirstSteps />}
      <Row gutter={[16, 16]}>
        {CARDS.filter(({ needs }) => may(needs)).map(({ needs, Shown }) => (
          <Col key={needs} xs={24} lg={12}>
            <Shown />
          </Col>
        ))}
      </Row>
      <Typography.Title level={2}>{t(WORDS.everything)}</Typography.Title>
      <Row gutter={[16, 16]}>
        {SECTIONS.filter((section) => section.path !== "" && may(section.needs)).map((section) => (
          <Col key={section.path} xs={24} sm={12} lg={8}>
            <Link to={`/${section.path}`}>
              <Card hoverable size="small">
                {section.icon} {t(section.words)}
              </Card>
            </Link>
          </Col>
        ))}
      </Row>
    </>
  );
}
