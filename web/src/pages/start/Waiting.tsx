import { Card } from "antd";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { Failed, Loading } from "../../shared/States";
import { useSay, type Words } from "../../shared/words";

const WORDS = {
  none: { zh: "没有等待您处理的事项。", en: "Nothing waits for you." },
  all: { zh: "查看全部", en: "See all" },
} satisfies Record<string, Words>;

export type Line = { key: string | number; to: string; text: ReactNode; mark: ReactNode };

type Props = {
  title: Words;
  /** Where all of it is. */
  to: string;
  lines: readonly Line[] | undefined;
  error: unknown;
  retry: () => void;
};

/** The first few things of one kind that wait for the reader. */
export function Waiting({ title, to, lines, error, retry }: Props) {
  const t = useSay();
  return (
    <Card
      title={t(title)}
      extra={
        <Link to={to} aria-label={`${t(WORDS.all)}: ${t(title)}`}>
          {t(WORDS.all)}
        </Link>
      }
      className="waiting"
    >
      {error ? <Failed error={error} retry={retry} /> : !lines && <Loading />}
      {lines?.length === 0 && <p>{t(WORDS.none)}</p>}
      <ul>
        {lines?.map((each) => (
          <li key={each.key}>
            <Link to={each.to}>{each.text}</Link> {each.mark}
          </li>
        ))}
      </ul>
    </Card>
  );
}
