import { Menu } from "antd";
import { lazy } from "react";
import { NavLink, Route, Routes, useLocation } from "react-router";
import { NotThere } from "../../app/NotThere";
import { useMay } from "../../app/session";
import { useSay, type Words } from "../../shared/words";
import { Board } from "./Board";
import { CasePage } from "./CasePage";
import { LedgerPage } from "./LedgerPage";

// Brings the charts, which the ledger and the cases do without.
const Months = lazy(() => import("./Months"));

const TABS: readonly { path: string; words: Words; needs: string }[] = [
  { path: "/cases", words: { zh: "台账", en: "Ledger" }, needs: "ledger.read" },
  { path: "/cases/board", words: { zh: "看板", en: "Board" }, needs: "cases.read" },
  { path: "/cases/months", words: { zh: "月度归因", en: "Months" }, needs: "learning.read" },
];

/** The desk of complaints: the ledger, what is open by state, single cases, and what months teach. */
export default function Cases() {
  const t = useSay();
  const may = useMay();
  const { pathname } = useLocation();
  const items = TABS.filter((tab) => may(tab.needs)).map((tab) => ({
    key: tab.path,
    label: <NavLink to={tab.path}>{t(tab.words)}</NavLink>,
  }));
  return (
    <>
      <nav aria-label={t({ zh: "投诉处理", en: "Complaints" })}>
        <Menu mode="horizontal" items={items} selectedKeys={[pathname]} />
      </nav>
      <Routes>
        <Route index element={<LedgerPage />} />
        <Route path="board" element={<Board />} />
        <Route path="months" element={<Months />} />
        <Route path=":id" element={<CasePage />} />
        <Route path="*" element={<NotThere />} />
      </Routes>
    </>
  );
}
