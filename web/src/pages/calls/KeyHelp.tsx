import { Modal } from "antd";
import { useSay } from "../../shared/words";
import { KEYS } from "./keys";

/** What the keys do. */
export function KeyHelp({ open, close }: { open: boolean; close: () => void }) {
  const t = useSay();
  return (
    <Modal open={open} onCancel={close} footer={null} title={t({ zh: "快捷键", en: "Keys" })}>
      <dl className="keys">
        {KEYS.map(({ keys, command, words }) => (
          <div key={command}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key === " " ? t({ zh: "空格", en: "space" }) : key}</kbd>
              ))}
            </dt>
            <dd>{t(words)}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
