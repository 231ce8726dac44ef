// The words in use of several cases.
export { cases } from './en-cases';
