import { Menu } from "antd";
import { NavLink, Route, Routes, useLocation } from "react-router";
import { NotThere } from "../../app/NotThere";
import { useMay } from "../../app/session";
import { useSay, type Words } from "../../shared/words";
import { Coaching } from "./Coaching";
import { Figures } from "./Figures";

const TABS: readonly { path: string; words: Words; needs: string }[] = [
  { path: "/team", words: { zh: "统计", en: "Figures" }, needs: "figures.read" },
  { path: "/team/coaching", words: { zh: "辅导", en: "Coaching" }, needs: "coaching.read" },
];

/** How teams call: when, how often, by the script or not, and what their collectors are to learn. */
export default function Team() {
  const t = useSay();
  const may = useMay();
  const { pathname } = useLocation();
  const items = TABS.filter((tab) => may(tab.needs)).map((tab) => ({
    key: tab.path,
    label: <NavLink to={tab.path}>{t(tab.words)}</NavLink>,
  }));
  return (
    <>
      <nav aria-label={t({ zh: "团队", en: "Teams" })}>
        <Menu mode="horizontal" items={items} selectedKeys={[pathname]} />
      </nav>
      <Routes>
        <Route index element={<Figures />} />
        <Route path="coaching" element={<Coaching />} />
        <Route path="*" element={<NotThere />} />
      </Routes>
    </>
  );
}
