/** The pages there are, in the order of the menu: where each is, who may open it, and what it loads. */

import {
  AuditOutlined,
  BellOutlined,
  BookOutlined,
  CloudDownloadOutlined,
  CustomerServiceOutlined,
  HeartOutlined,
  HistoryOutlined,
  HomeOutlined,
  IdcardOutlined,
  SafetyCertificateOutlined,
  SearchOutlined,
  SolutionOutlined,
  TeamOutlined,
  UserOutlined,
} from "@ant-design/icons";
import type { ComponentType, ReactNode } from "react";
import type { Words } from "../shared/words";

export type Section = {
  /** Address under /app. */
  path: string;
  words: Words;
  icon: ReactNode;
  /** One permission of docs/permissions.md; without it the page is neither shown nor opened. */
  needs: string;
  /** Loads the page's own routes when it is first opened. */
  load: () => Promise<{ default: ComponentType }>;
};

export const START: Section = {
  path: "",
  words: { zh: "首页", en: "Start" },
  icon: <HomeOutlined aria-hidden />,
  needs: "account.own",
  load: () => import("../pages/start/Start"),
};

export const SECTIONS: readonly Section[] = [
  START,
  {
    path: "tickets",
    words: { zh: "质检工单", en: "Review queue" },
    icon: <AuditOutlined aria-hidden />,
    needs: "tickets.read",
    load: () => import("../pages/tickets/Tickets"),
  },
  {
    path: "calls",
    words: { zh: "通话", en: "Calls" },
    icon: <CustomerServiceOutlined aria-hidden />,
    needs: "calls.read",
    load: () => import("../pages/calls/Calls"),
  },
  {
    path: "cases",
    words: { zh: "投诉处理", en: "Complaints" },
    icon: <SolutionOutlined aria-hidden />,
    needs: "cases.read",
    load: () => import("../pages/cases/Cases"),
  },
  {
    path: "team",
    words: { zh: "团队统计", en: "Teams" },
    icon: <TeamOutlined aria-hidden />,
    needs: "figures.read",
    load: () => import("../pages/team/Team"),
  },
  {
    path: "search",
    words: { zh: "全文检索", en: "Search" },
    icon: <SearchOutlined aria-hidden />,
    needs: "calls.read",
    load: () => import("../pages/search/Search"),
  },
  {
    path: "mine",
    words: { zh: "我的通话", en: "My calls" },
    icon: <UserOutlined aria-hidden />,
    needs: "trend.own",
    load: () => import("../pages/mine/Mine"),
  },
  {
    path: "rules",
    words: { zh: "规则", en: "Rules" },
    icon: <BookOutlined aria-hidden />,
    needs: "rules.read",
    load: () => import("../pages/rules/Rules"),
  },
  {
    path: "imports",
    words: { zh: "录音来源", en: "Imports" },
    icon: <CloudDownloadOutlined aria-hidden />,
    needs: "sources.read",
    load: () => import("../pages/system/Imports"),
  },
  {
    path: "health",
    words: { zh: "运行状况", en: "Health" },
    icon: <HeartOutlined aria-hidden />,
    needs: "work.read",
    load: () => import("../pages/system/Health"),
  },
  {
    path: "people",
    words: { zh: "人员", en: "People" },
    icon: <IdcardOutlined aria-hidden />,
    needs: "people.manage",
    load: () => import("../pages/people/People"),
  },
  {
    path: "audit",
    words: { zh: "审计", en: "Audit" },
    icon: <SafetyCertificateOutlined aria-hidden />,
    needs: "audit.read",
    load: () => import("../pages/audit/Audit"),
  },
  {
    path: "retention",
    words: { zh: "保存与保全", en: "Retention" },
    icon: <HistoryOutlined aria-hidden />,
    needs: "retention.read",
    load: () => import("../pages/retention/Retention"),
  },
  {
    path: "notices",
    words: { zh: "通知", en: "Notices" },
    icon: <BellOutlined aria-hidden />,
    needs: "notices.read",
    load: () => import("../pages/notices/Notices"),
  },
];

/** Not in the menu: opened by one's own name. */
export const ACCOUNT: Section = {
  path: "account",
  words: { zh: "我的账户", en: "My account" },
  icon: <UserOutlined aria-hidden />,
  needs: "account.own",
  load: () => import("../pages/account/Account"),
};
