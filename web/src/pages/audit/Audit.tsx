import { Menu } from "antd";
import { NavLink, Route, Routes, useLocation } from "react-router";
import { NotThere } from "../../app/NotThere";
import { useMay } from "../../app/session";
import { useSay, type Words } from "../../shared/words";
import { Entries } from "./Entries";
import { Views } from "./Views";

const TABS: readonly { path: string; words: Words; needs: string }[] = [
  { path: "/audit", words: { zh: "审计日志", en: "Audit log" }, needs: "audit.read" },
  { path: "/audit/views", words: { zh: "查看记录", en: "Who saw what" }, needs: "views.read" },
];

/** What was done, by whom, that nobody changed it since, and who saw or heard what. */
export default function Audit() {
  const t = useSay();
  const may = useMay();
  const { pathname } = useLocation();
  const items = TABS.filter((tab) => may(tab.needs)).map((tab) => ({
    key: tab.path,
    label: <NavLink to={tab.path}>{t(tab.words)}</NavLink>,
  }));
  return (
    <>
      <nav aria-label={t({ zh: "审计", en: "Audit" })}>
        <Menu mode="horizontal" items={items} selectedKeys={[pathname]} />
      </nav>
      <Routes>
        <Route index element={<Entries />} />
        <Route path="views" element={<Views />} />
        <Route path="*" element={<NotThere />} />
      </Routes>
    </>
  );
}
