/** As directory says it, when it could be asked. */
export interface Progress {
  readonly setBy: 'rule' | 'staff';
  readonly pending: number;
}

/** What it means that a property imports automatically from now on, for staff to read. */
export function noticeOf(name: string, newPeople: 'at-once' | 'digest' | 'by-hand', progress: Progress | null): string {
  const why = progress?.setBy === 'staff' ? ', as staff set it' : '';
  const then = newPeople === 'at-once' ? 'are invited at once' : 'arrive as Not Invited';
  return `${name} now imports automatically${why}${progress === null ? '' : `: ${waiting(progress)}`}. New people ${then}. Set the import back to manual on the page of the property.`;
}

function waiting({ pending }: Progress): string {
  if (pending === 0) return 'nobody is left in Pending Import';
  return pending === 1
    ? '1 person goes on waiting in Pending Import; import or dismiss them'
    : `${pending} people go on waiting in Pending Import; import or dismiss them`;
}
