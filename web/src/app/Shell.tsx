/** The frame of every page: a way past the menu, the menu of what one may open, language, and who one is. */

import { LogoutOutlined, UserOutlined } from "@ant-design/icons";
import { Button, Dropdown, Layout, Menu, Segmented } from "antd";
import { Suspense } from "react";
import { NavLink, Outlet, useLocation } from "react-router";
import { client } from "../api/client";
import { Loading } from "../shared/States";
import { type Lang, useLanguage, useSay, type Words } from "../shared/words";
import { Boundary } from "./Boundary";
import { ACCOUNT, SECTIONS } from "./nav";
import { useMay, useName, useWho } from "./session";

const WORDS = {
  brand: { zh: "谛听", en: "Diting" },
  skip: { zh: "跳到正文", en: "Skip to content" },
  menu: { zh: "主菜单", en: "Main menu" },
  language: { zh: "语言", en: "Language" },
  signOut: { zh: "退出登录", en: "Sign out" },
} satisfies Record<string, Words>;

export function Shell() {
  const t = useSay();
  return (
    <Layout className="shell">
      <a className="skip" href="#content">
        {t(WORDS.skip)}
      </a>
      <Layout.Sider breakpoint="lg" collapsedWidth={0} width={208} theme="light">
        <NavLink to="/" className="brand">
          <span aria-hidden="true">谛</span> {t(WORDS.brand)}
        </NavLink>
        <nav aria-label={t(WORDS.menu)}>
          <MainMenu />
        </nav>
      </Layout.Sider>
      <Layout>
        <Layout.Header className="top">
          <LanguageSwitch />
          <Account />
        </Layout.Header>
        <Layout.Content id="content" role="main" tabIndex={-1} className="content">
          <Boundary>
            <Suspense fallback={<Loading />}>
              <Outlet />
            </Suspense>
          </Boundary>
        </Layout.Content>
      </Layout>
    </Layout>
  );
}

function MainMenu() {
  const t = useSay();
  const may = useMay();
  const { pathname } = useLocation();
  const shown = SECTIONS.filter((section) => may(section.needs));
  const items = shown.map((section) => ({
    key: section.path,
    icon: section.icon,
    label: <NavLink to={`/${section.path}`}>{t(section.words)}</NavLink>,
  }));
  return <Menu mode="inline" items={items} selectedKeys={[pathname.split("/")[1] ?? ""]} />;
}

function LanguageSwitch() {
  const t = useSay();
  const { lang, change } = useLanguage();
  return (
    <Segmented<Lang>
      aria-label={t(WORDS.language)}
      value={lang}
      onChange={change}
      options={[
        { value: "zh", label: "中文" },
        { value: "en", label: "English" },
      ]}
    />
  );
}

function Account() {
  const t = useSay();
  const name = useName();
  const who = useWho();
  const signOut = async () => {
    await client.DELETE("/api/v1/session");
    location.assign("/sign-in");
  };
  const roles = who.roles.map((role) => ({ key: role, label: name("roles", role), disabled: true }));
  const items = [
    ...(roles.length > 4 ? [] : roles),
    {
      key: "account",
      icon: ACCOUNT.icon,
      label: <NavLink to={`/${ACCOUNT.path}`}>{t(ACCOUNT.words)}</NavLink>,
    },
    { key: "out", icon: <LogoutOutlined aria-hidden />, label: t(WORDS.signOut), onClick: signOut },
  ];
  return (
    <Dropdown menu={{ items }} trigger={["click"]}>
      <Button type="text" icon={<UserOutlined aria-hidden />}>
        {who.name ?? who.person}
      </Button>
    </Dropdown>
  );
}
