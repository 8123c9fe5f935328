/** The parts of a section, each at its own address; those that one may not open are not shown. */

import { Menu } from "antd";
import { NavLink, useLocation } from "react-router";
import { useSay, type Words } from "../shared/words";
import { useMay } from "./session";

export type Tab = { path: string; words: Words; needs: string };

export function Tabs({ label, tabs }: { label: Words; tabs: readonly Tab[] }) {
  const t = useSay();
  const may = useMay();
  const { pathname } = useLocation();
  const items = tabs
    .filter((tab) => may(tab.needs))
    .map((tab) => ({ key: tab.path, label: <NavLink to={tab.path}>{t(tab.words)}</NavLink> }));
  return (
    <nav aria-label={t(label)}>
      <Menu mode="horizontal" items={items} selectedKeys={[pathname]} />
    </nav>
  );
}
