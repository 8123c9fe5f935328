import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { AutoComplete, Button, Card, Checkbox, Form, Input, InputNumber, Select } from "antd";
import { api } from "../../api/client";
import { useSay, type Words } from "../../shared/words";
import { useClock, useMay } from "../session";
import type { Field } from "./fields";
import { FIELDS, VALUES, wordsOf } from "./words";

const WORDS = {
  needed: { zh: "请填写", en: "Please fill this in" },
  add: { zh: "添加", en: "Add" },
  remove: { zh: "删除第 {row} 行", en: "Remove line {row}" },
} satisfies Record<string, Words>;

const PEOPLE = new Set(["handler", "person", "owner", "collector_id", "reviewer", "second_reviewer"]);
type Place = (string | number)[];

/** What a field is called; in some actions it has a name of its own. */
function fieldWords(action: string, name: string): Words {
  return FIELDS[`${action}.${name}`] ?? wordsOf(FIELDS, name);
}

/** One field of an action: label, control, and what is asked of it. `within` is its place in a list of rows. */
export function FieldInput({ field, action, within = [] }: { field: Field; action: string; within?: Place }) {
  const t = useSay();
  const { zone } = useClock();
  const label = t(fieldWords(action, field.name)) + (field.form === "moment" ? ` (${zone})` : "");
  const place = [...within, field.name];
  if (field.form === "rows") {
    return <Rows field={field} action={action} label={label} />;
  }
  if (field.form === "yes") {
    // What is told by a box is told either way.
    return (
      <Form.Item name={place} valuePropName="checked" initialValue={field.name === "reached"}>
        <Checkbox>{label}</Checkbox>
      </Form.Item>
    );
  }
  const person = PEOPLE.has(field.name) || (field.name === "to" && action === "escalate");
  return (
    <Form.Item name={place} label={label} rules={[{ required: field.needed, message: t(WORDS.needed) }]}>
      {person ? <PersonInput /> : <Control field={field} />}
    </Form.Item>
  );
}

// `given` is what Form.Item hands to its control: id, value, onChange.
function Control({ field, ...given }: { field: Field }) {
  const t = useSay();
  const options = (values: readonly string[]) =>
    values.map((value) => ({ value, label: t(wordsOf(VALUES, value)) }));
  switch (field.form) {
    case "choice":
      return <Select {...given} allowClear={!field.needed} options={options(field.values)} />;
    case "choices":
      return <Select {...given} mode="multiple" options={options(field.values)} />;
    case "perhaps":
      return <Select {...given} allowClear options={options(["yes", "no"])} />;
    case "number":
      return (
        <InputNumber
          {...given}
          min={field.least ?? 1}
          {...(field.most ? { max: field.most } : {})}
          precision={0}
        />
      );
    case "money":
      return <InputNumber {...given} min={0.01} precision={2} style={{ width: 200 }} />;
    case "moment":
      return <Input {...given} type="datetime-local" style={{ width: 240 }} />;
    case "words":
    case "texts":
      return <Input.TextArea {...given} autoSize={{ minRows: 2, maxRows: 8 }} maxLength={4000} />;
    default:
      return <Input {...given} maxLength={200} />;
  }
}

function PersonInput(given: object) {
  const may = useMay();
  const { data } = api.useQuery("get", "/api/v1/people", {}, { enabled: may("people.read") });
  const options = data?.map((each) => ({ value: each.id, label: `${each.name} (${each.id})` })) ?? [];
  return (
    <AutoComplete
      {...given}
      options={options}
      showSearch={{
        filterOption: (typed, option) => (option?.label ?? "").toLowerCase().includes(typed.toLowerCase()),
      }}
    />
  );
}

function Rows({ field, action, label }: { field: Field & { form: "rows" }; action: string; label: string }) {
  const t = useSay();
  return (
    <Form.List name={field.name} initialValue={[{}]}>
      {(rows, { add, remove }) => (
        <fieldset className="rows">
          <legend>{label}</legend>
          {rows.map((row, place) => (
            <Card
              key={row.key}
              size="small"
              title={`${label} ${place + 1}`}
              extra={
                rows.length > 1 && (
                  <Button
                    type="text"
                    icon={<DeleteOutlined aria-hidden />}
                    aria-label={t(WORDS.remove, { row: place + 1 })}
                    onClick={() => remove(row.name)}
                  />
                )
              }
            >
              {field.columns.map((column) => (
                <FieldInput key={column.name} field={column} action={action} within={[row.name]} />
              ))}
            </Card>
          ))}
          <Button icon={<PlusOutlined aria-hidden />} onClick={() => add({})}>
            {t(WORDS.add)}
          </Button>
        </fieldset>
      )}
    </Form.List>
  );
}
