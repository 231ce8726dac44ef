// The words in use of the group's own agreement.
export { agreement as agreementWords, reviewLine, starterLines } from './en-agreement';
