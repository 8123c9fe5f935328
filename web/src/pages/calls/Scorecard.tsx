import { Card, Flex, InputNumber, Segmented, Typography } from "antd";
import { Mark } from "../../shared/Mark";
import { useLanguage, useSay, type Words } from "../../shared/words";
import { allows } from "./decisions";
import { type Item, itemsOf, type Rating, ratingsOf } from "./scorecard";
import type { Review } from "./types";
import type { Act } from "./useAct";

const WORDS = {
  title: { zh: "评分表", en: "Scorecard" },
  yes: { zh: "达标", en: "Met" },
  no: { zh: "未达标", en: "Not met" },
  none: { zh: "不适用", en: "Not applicable" },
  critical: { zh: "关键项", en: "Critical" },
  left: { zh: "还有 {count} 项未评", en: "{count} items are not rated yet" },
} satisfies Record<string, Words>;

/** The scorecard of the plan that drew the call; every item is rated before the review is shared. */
export function Scorecard({ review, act }: { review: Review; act: Act }) {
  const t = useSay();
  const items = itemsOf(review.scorecard);
  const rated = ratingsOf(review);
  if (items.length === 0) {
    return null;
  }
  const may = allows(review, "rate");
  const left = items.filter(({ id }) => !(id in rated)).length;
  return (
    <Card
      size="small"
      className="block"
      title={t(WORDS.title)}
      extra={left > 0 && <Mark tone="warn">{t(WORDS.left, { count: left })}</Mark>}
    >
      {items.map((item) => (
        <Line
          key={item.id}
          item={item}
          rating={rated[item.id]}
          rate={may ? (rating) => void act("rate", { item: item.id, rating }) : null}
        />
      ))}
    </Card>
  );
}

type LineProps = { item: Item; rating: Rating | undefined; rate: ((rating: Rating) => void) | null };

function Line({ item, rating, rate }: LineProps) {
  const { lang } = useLanguage();
  const t = useSay();
  const title = item.title[lang] ?? item.id;
  return (
    <Flex justify="space-between" align="center" gap="small" wrap className="item">
      <span>
        {title} {item.critical && <Mark tone="warn">{t(WORDS.critical)}</Mark>}
      </span>
      {item.best === 1 ? (
        <Choice item={item} title={title} rating={rating} rate={rate} />
      ) : (
        <Typography.Text>
          <InputNumber
            aria-label={title}
            min={0}
            max={item.best}
            value={typeof rating === "number" ? rating : null}
            disabled={rate === null}
            onChange={(value) => value !== null && rate?.(value)}
          />{" "}
          / {item.best}
        </Typography.Text>
      )}
    </Flex>
  );
}

function Choice({ item, title, rating, rate }: LineProps & { title: string }) {
  const t = useSay();
  const options = [
    { value: "1", label: t(WORDS.yes) },
    { value: "0", label: t(WORDS.no) },
    ...(item.notApplicable ? [{ value: "n/a", label: t(WORDS.none) }] : []),
  ];
  return (
    <Segmented
      aria-label={title}
      value={rating === undefined ? "" : String(rating)}
      disabled={rate === null}
      onChange={(value) => rate?.(value === "n/a" ? value : Number(value))}
      options={options}
    />
  );
}
