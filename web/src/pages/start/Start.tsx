/** What waits for the person who signs in, by what they may do. */

import { Card, Col, Row, Typography } from "antd";
import { Link } from "react-router";
import { SECTIONS } from "../../app/nav";
import { useMay, useWho } from "../../app/session";
import { useSay, type Words } from "../../shared/words";

const WORDS = {
  hello: { zh: "您好，{name}", en: "Hello, {name}" },
} satisfies Record<string, Words>;

export default function Start() {
  const t = useSay();
  const who = useWho();
  const may = useMay();
  const shown = SECTIONS.filter((section) => section.path !== "" && may(section.needs));
  return (
    <>
      <Typography.Title level={1}>{t(WORDS.hello, { name: who.name ?? who.person })}</Typography.Title>
      <Row gutter={[16, 16]}>
        {shown.map((section) => (
          <Col key={section.path} xs={24} sm={12} lg={8}>
            <Link to={`/${section.path}`}>
              <Card hoverable>
                {section.icon} {t(section.words)}
              </Card>
            </Link>
          </Col>
        ))}
      </Row>
    </>
  );
}
