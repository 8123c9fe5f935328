/** What people read, in both languages side by side: a missing translation does not compile. */

import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";

export type Lang = "zh" | "en";

/** One meaning in both languages; `{name}` stands for a value. */
export type Words = { readonly zh: string; readonly en: string };

type Values = Record<string, string | number>;
type Language = { lang: Lang; change: (lang: Lang) => void };

const STORED = "diting.lang";
const LanguageContext = createContext<Language>({ lang: "zh", change: () => undefined });

/** The words in one language, with `{name}` replaced by the value of that name. */
export function say(words: Words, lang: Lang, values: Values = {}): string {
  return words[lang].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** Remembers the language that a person chose on this machine. */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const [lang, setLang] = useState<Lang>(() => (localStorage.getItem(STORED) === "en" ? "en" : "zh"));
  useEffect(() => {
    document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
    localStorage.setItem(STORED, lang);
  }, [lang]);
  const value = useMemo(() => ({ lang, change: setLang }), [lang]);
  return <LanguageContext value={value}>{children}</LanguageContext>;
}

/** The language of the page, and how to change it. */
export function useLanguage(): Language {
  return useContext(LanguageContext);
}

/** `t(words)` says words in the language of the page. */
export function useSay(): (words: Words, values?: Values) => string {
  const { lang } = useLanguage();
  return useMemo(() => (words, values) => say(words, lang, values), [lang]);
}

/** Several names in a row, as each language parts them. */
export function listed(names: readonly string[], lang: Lang): string {
  return names.join(lang === "zh" ? "、" : ", ");
}

/** `list(names)` in the language of the page. */
export function useList(): (names: readonly string[]) => string {
  const { lang } = useLanguage();
  return useMemo(() => (names) => listed(names, lang), [lang]);
}
