import { FIELDS, VALUES, wordsOf } from "../../app/forms/words";
import { useNameOf } from "../../app/people";
import { useClock } from "../../app/session";
import { useSay } from "../../shared/words";

const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;
const YES = { true: { zh: "是", en: "yes" }, false: { zh: "否", en: "no" } } as const;

// Whose values are ids of people.
const PEOPLE = new Set([
  "asked_by",
  "brought_by",
  "by",
  "collector_id",
  "concerned",
  "handler",
  "owner",
  "person",
  "received_by",
  "to",
]);

/** What somebody wrote down with a step, field by field; what was left out is not shown. */
export function Document({ said }: { said: Readonly<Record<string, unknown>> }) {
  const t = useSay();
  const shown = Object.entries(said).filter(([name, value]) => !isEmpty(value) && !name.endsWith("sha256"));
  if (shown.length === 0) {
    return null;
  }
  return (
    <dl className="document">
      {shown.map(([name, value]) => (
        <div key={name}>
          <dt>{t(wordsOf(FIELDS, name))}</dt>
          <dd>
            <Value name={name} value={value} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Value({ name, value }: { name: string; value: unknown }) {
  const t = useSay();
  const nameOf = useNameOf();
  const { moment } = useClock();
  if (typeof value === "boolean") {
    return t(YES[`${value}`]);
  }
  if (typeof value === "string" && PEOPLE.has(name)) {
    return nameOf(value);
  }
  if (typeof value === "string") {
    return MOMENT.test(value) ? moment(value) : t(wordsOf(VALUES, value));
  }
  if (Array.isArray(value)) {
    return (
      <ul>
        {value.map((each) => (
          <li key={JSON.stringify(each)}>
            <Value name={name} value={each} />
          </li>
        ))}
      </ul>
    );
  }
  return isObject(value) ? <Document said={value} /> : String(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isEmpty(value: unknown): boolean {
  return (
    value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0)
  );
}
