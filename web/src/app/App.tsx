/** Everything that all pages share: language, theme, what was read from the server, who is signed in, routes. */

import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { App as AntApp, ConfigProvider } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import { lazy } from "react";
import { createBrowserRouter, RouterProvider } from "react-router";
import { Problem } from "../api/problem";
import { LanguageProvider, useLanguage } from "../shared/words";
import { LiveUpdates } from "./LiveUpdates";
import { NotThere } from "./NotThere";
import { ACCOUNT, SECTIONS } from "./nav";
import { Shell } from "./Shell";
import { isSignedOut, SignedIn, signIn } from "./session";

const RETRIES = 3;

const queries = new QueryClient({
  queryCache: new QueryCache({
    // A session that ended in mid-work: sign in, and come back to the same address.
    onError: (error) => isSignedOut(error) && signIn(),
  }),
  defaultOptions: {
    queries: {
      // A server that restarts answers again soon; a refusal stays one.
      retry: (failures, error) => failures < RETRIES && !isRefusal(error as unknown),
      staleTime: 10_000,
    },
  },
});

function isRefusal(error: unknown): boolean {
  return error instanceof Problem && error.status >= 400 && error.status < 500;
}

const router = createBrowserRouter(
  [
    {
      element: <Shell />,
      children: [
        ...[...SECTIONS, ACCOUNT].map(({ path, load }) => {
          const Page = lazy(load);
          return path === "" ? { index: true, element: <Page /> } : { path: `${path}/*`, element: <Page /> };
        }),
        { path: "*", element: <NotThere /> },
      ],
    },
  ],
  { basename: "/app" },
);

export function App() {
  return (
    <LanguageProvider>
      <QueryClientProvider client={queries}>
        <Themed />
      </QueryClientProvider>
    </LanguageProvider>
  );
}

function Themed() {
  const { lang } = useLanguage();
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  return (
    <ConfigProvider
      button={{ autoInsertSpace: false }}
      locale={lang === "zh" ? zhCN : enUS}
      theme={{
        token: {
          motion: !calm,
          fontSizeHeading1: 28,
          fontSizeHeading2: 21,
          colorPrimary: "#1554ad",
          colorError: "#c4161c",
          colorLink: "#1554ad",
          colorLinkHover: "#0b3d91",
          colorLinkActive: "#0b3d91",
          colorTextDescription: "#595959",
          colorTextPlaceholder: "#6b6b6b",
          colorTextDisabled: "#6b6b6b",
        },
      }}
    >
      <AntApp>
        <SignedIn>
          <LiveUpdates />
          <RouterProvider router={router} />
        </SignedIn>
      </AntApp>
    </ConfigProvider>
  );
}
