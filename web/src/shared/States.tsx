/** What stands where content is not there: on its way, empty, or failed with what to do about it. */

import { Alert, Button, Empty, Spin } from "antd";
import { type ReactNode, useCallback } from "react";
import { Problem } from "../api/problem";
import { type Lang, say, useLanguage, useSay, type Words } from "./words";

const WORDS = {
  loading: { zh: "正在加载…", en: "Loading …" },
  retry: { zh: "重试", en: "Try again" },
  failed: { zh: "未能完成", en: "That did not work" },
  unreachable: {
    zh: "服务器没有应答。请检查网络，稍后重试；您已填写的内容不会丢失。",
    en: "The server does not answer. Check the network and try again; what you have typed stays here.",
  },
  forbidden: { zh: "您的角色无权查看或操作。", en: "Your role may not see or do this." },
  missing: { zh: "不存在，或不在您的数据范围内。", en: "It does not exist, or is not in your sight." },
  stale: {
    zh: "他人刚刚修改过，您的修改没有保存。请刷新后再试。",
    en: "Somebody else has just changed this; your change was not saved. Reload and try again.",
  },
  request: { zh: "请求编号 {id}", en: "Request {id}" },
} satisfies Record<string, Words>;

/** Content is on its way. */
export function Loading({ words = WORDS.loading }: { words?: Words }) {
  const t = useSay();
  return (
    <output className="state" aria-live="polite">
      <Spin /> <span>{t(words)}</span>
    </output>
  );
}

/** There is nothing to show, and why. */
export function Nothing({ words, children }: { words: Words; children?: ReactNode }) {
  const t = useSay();
  return (
    <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t(words)}>
      {children}
    </Empty>
  );
}

/** What went wrong in plain words, and a way on. */
export function Failed({ error, retry }: { error: unknown; retry?: () => void }) {
  const t = useSay();
  const { title, detail } = useExplain()(error);
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title={title}
      description={detail}
      action={
        retry && (
          <Button size="small" onClick={retry}>
            {t(WORDS.retry)}
          </Button>
        )
      }
    />
  );
}

/** `explain(error)`: what went wrong in the words of the page's language. */
export function useExplain(): (error: unknown) => { title: string; detail: string } {
  const { lang } = useLanguage();
  return useCallback((error) => explained(error, lang), [lang]);
}

function explained(error: unknown, lang: Lang): { title: string; detail: string } {
  if (!(error instanceof Problem)) {
    return { title: say(WORDS.failed, lang), detail: error instanceof Error ? error.message : String(error) };
  }
  const plain = plainly(error);
  const said = [error.message, error.mend].filter(Boolean).join(" ");
  const title = plain ? say(plain, lang) : (lang === "zh" && error.titleZh) || say(WORDS.failed, lang);
  const request = error.requestId ? ` (${say(WORDS.request, lang, { id: error.requestId })})` : "";
  return { title, detail: error.status === 0 ? "" : said + request };
}

function plainly(problem: Problem): Words | null {
  if (problem.isStale) {
    return WORDS.stale;
  }
  return { 0: WORDS.unreachable, 403: WORDS.forbidden, 404: WORDS.missing }[problem.status] ?? null;
}
