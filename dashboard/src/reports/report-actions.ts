// What can be done with a report, as entries of a menu; the same on its page, in the list and on the overview.
import ChartLine from '@lucide/svelte/icons/chart-line';
import Code from '@lucide/svelte/icons/code-xml';
import Download from '@lucide/svelte/icons/download';
import LayoutDashboard from '@lucide/svelte/icons/layout-dashboard';
import Link from '@lucide/svelte/icons/link';
import Pencil from '@lucide/svelte/icons/pencil';
import Trash2 from '@lucide/svelte/icons/trash-2';
import { t } from '../i18n/text.svelte.ts';
import { router } from '../state/router.svelte.ts';
import { copyText } from '../ui/copy.ts';
import type { MenuAction } from '../ui/Menu.svelte';
import { files } from './files.svelte.ts';
import type { Report } from './picture.ts';
import { aloneHref, deleteReport, embedCode, reportAddress, togglePin } from './reports.svelte.ts';

/** `rename` opens the form for it. */
export function reportActions(report: Report, rename: () => void): MenuAction[] {
  const words = t().reports;
  return [
    { label: words.rename, icon: Pencil, opens: true, run: rename },
    {
      label: report.place === null ? words.pin : words.unpin,
      icon: LayoutDashboard,
      run: () => void togglePin(report),
    },
    { label: words.alone, icon: ChartLine, run: () => router.go(aloneHref(report)) },
    { label: words.files.menu, icon: Download, opens: true, run: () => files.show(report) },
    { label: words.copyLink, icon: Link, run: () => void copyText(reportAddress(report)) },
    { label: words.copyEmbed, icon: Code, run: () => void copyText(embedCode(report), words.embedCopied) },
    { label: words.delete, icon: Trash2, run: () => void deleteReport(report) },
  ];
}
