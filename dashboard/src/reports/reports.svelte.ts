// Saved reports for components: questions about them that are asked again after every change, and the changes.
import { untrack } from 'svelte';
import {
  DeleteReportDocument,
  PinReportDocument,
  RenameReportDocument,
  RestoreReportDocument,
  SaveReportDocument,
  UnpinReportDocument,
} from '../api/generated.ts';
import type { SaveReportMutationVariables, TypedDocumentString } from '../api/generated.ts';
import { request } from '../api/http.ts';
import { onceQuery } from '../api/once.svelte.ts';
import type { Once } from '../api/once.svelte.ts';
import { problemFrom } from '../api/problem.ts';
import { t } from '../i18n/text.svelte.ts';
import { deployment } from '../state/deployment.svelte.ts';
import { router } from '../state/router.svelte.ts';
import { view } from '../state/view.svelte.ts';
import { say } from '../ui/toasts.svelte.ts';
import type { Report } from './picture.ts';
import { reopened } from './reopen.ts';

let changes = $state(0);

/** The answer to a question about reports, asked again after every change made on this page. */
export function reportsQuery<T, V>(document: TypedDocumentString<T, V>, variables: () => V | null): Once<T> {
  const list = onceQuery(document, variables);
  let seen = untrack(() => changes);
  $effect(() => {
    if (changes === seen) return;
    seen = changes;
    untrack(() => list.reload());
  });
  return list;
}

/** Rejects with a Problem. */
export async function saveReport(variables: SaveReportMutationVariables): Promise<Report> {
  const { saveReport: saved } = await request(SaveReportDocument, variables);
  changes++;
  return saved;
}

export async function renameReport(id: string, name: string): Promise<void> {
  await request(RenameReportDocument, { id, name });
  changes++;
}

/** Says so, with a way back. */
export async function deleteReport({ id, name }: Report): Promise<void> {
  const words = t().reports;
  await told(request(DeleteReportDocument, { id }));
  const undo = () =>
    told(request(RestoreReportDocument, { id })).then((back) => back && say(words.restored(name)));
  say(words.deleted(name), { label: words.undo, run: () => void undo() });
}

/** To that place on the overview, from 1; without one to the last. */
export async function pinReport({ id }: Pick<Report, 'id'>, place: number | null = null): Promise<boolean> {
  return (await told(request(PinReportDocument, { id, place }))) !== null;
}

export async function unpinReport({ id }: Pick<Report, 'id'>): Promise<boolean> {
  return (await told(request(UnpinReportDocument, { id }))) !== null;
}

/** Puts it on the overview or takes it off, and says so. */
export async function togglePin(report: Report): Promise<void> {
  const words = t().reports;
  if (report.place !== null) {
    if (await unpinReport(report)) say(words.unpinned(report.name));
  } else if (await pinReport(report)) say(words.pinned(report.name));
}

/** A change whose failure is said, since no form stands open to show it. */
async function told<T>(change: Promise<T>): Promise<T | null> {
  try {
    const answer = await change;
    changes++;
    return answer;
  } catch (error) {
    const problem = problemFrom(error);
    say(problem.detail || t().common.problem.title[problem.kind]);
    return null;
  }
}

/** Where the report's question stands on a page of its own; null where no page can show it wholly. */
export function pageOfReport(report: Pick<Report, 'id' | 'kind' | 'input' | 'view'>): string | null {
  const found = reopened(report.kind, report.input, report.view, deployment.timeZone);
  return found && router.href(found.path, { ...found.params, report: report.id });
}

/** The report by itself. */
export const aloneHref = ({ id }: Pick<Report, 'id'>): string => router.href(`/reports/${id}`);

/** Where opening a report leads. */
export const reportHref = (report: Report): string => pageOfReport(report) ?? aloneHref(report);

/** The report's stable address, whole. */
export const reportAddress = ({ id }: Pick<Report, 'id'>): string => `${location.origin}/reports/${id}`;

/** What a page of an intranet needs to show the report in a frame, as this viewer sees it. */
export function embedCode({ id, name }: Pick<Report, 'id' | 'name'>): string {
  const title = name.replace(/[&"<>]/g, (char) => `&#${char.codePointAt(0)};`);
  const address = `${location.origin}/embed/${id}?theme=${view.theme}&amp;lang=${view.language}`;
  return `<iframe src="${address}" title="${title}" width="100%" height="420" style="border:0" loading="lazy"></iframe>`;
}
