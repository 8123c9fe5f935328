/** Who uses the page, what they may do, and how the house names things. */

import { createContext, type ReactNode, useContext, useEffect, useMemo } from "react";
import { api, keepProof, type Schemas } from "../api/client";
import { Problem } from "../api/problem";
import { Failed, Loading } from "../shared/States";
import { distance, moment } from "../shared/time";
import { useLanguage, type Words } from "../shared/words";

export type Who = Schemas["Who"];

type House = { who: Who; zone: string; words: Schemas["Vocabulary"]["words"] };

const HouseContext = createContext<House | null>(null);
// Neither changes while one is signed in.
const ONCE = { staleTime: Number.POSITIVE_INFINITY } as const;

/** Shows its children to whoever is signed in; anybody else is led to the sign-in page. */
export function SignedIn({ children }: { children: ReactNode }) {
  const session = api.useQuery("get", "/api/v1/session", {}, ONCE);
  const vocabulary = api.useQuery("get", "/api/v1/words", {}, { ...ONCE, enabled: session.isSuccess });
  const signedOut = (session.error as unknown) instanceof Problem && isSignedOut(session.error);
  const enrols = session.data?.second_factor_wanted === true;
  useEffect(() => {
    if (signedOut) {
      signIn();
    } else if (enrols) {
      location.assign(`/sign-in/second-factor?next=${here()}`);
    }
  }, [signedOut, enrols]);
  const house = useMemo(
    () => (session.data && vocabulary.data && !enrols ? { who: session.data, ...vocabulary.data } : null),
    [session.data, vocabulary.data, enrols],
  );
  if (house !== null) {
    keepProof(house.who.csrf);
    return <HouseContext value={house}>{children}</HouseContext>;
  }
  const failed = session.error ?? vocabulary.error;
  return failed && !signedOut ? <Failed error={failed} retry={() => location.reload()} /> : <Loading />;
}

/** Whether the server no longer knows who asks. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof Problem && error.status === 401;
}

/** To the sign-in page, and back here afterwards. */
export function signIn(): void {
  location.assign(`/sign-in?next=${here()}`);
}

function here(): string {
  return encodeURIComponent(location.pathname + location.search);
}

function useHouse(): House {
  const house = useContext(HouseContext);
  if (house === null) {
    throw new Error("outside of <SignedIn>");
  }
  return house;
}

/** Who uses the page. */
export function useWho(): Who {
  return useHouse().who;
}

/** `may("tickets.act")`: whether one of the person's roles has the permission (docs/permissions.md). */
export function useMay(): (permission: string) => boolean {
  const { permissions } = useHouse().who;
  return useMemo(() => (permission) => permissions.includes(permission), [permissions]);
}

/** `name("bands", "clean")`: a value in the words of the house; one without words is shown as it is. */
export function useName(): (group: string, value: string | null | undefined) => string {
  const { words } = useHouse();
  const { lang } = useLanguage();
  return useMemo(
    () => (group, value) => (value == null ? "—" : (words[group]?.[value]?.[lang] ?? value)),
    [words, lang],
  );
}

/** The words of one group, by value. */
export function useWords(group: string): Readonly<Record<string, Words>> {
  return useHouse().words[group] ?? {};
}

/** The clock of the house: moments with its zone, and how far away they are. */
export function useClock() {
  const { zone } = useHouse();
  const { lang } = useLanguage();
  return useMemo(
    () => ({
      zone,
      moment: (iso: string | null | undefined) => moment(iso, zone, lang),
      distance: (iso: string) => distance(iso, new Date(), lang),
    }),
    [zone, lang],
  );
}
