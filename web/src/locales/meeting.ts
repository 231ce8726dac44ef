// The words in use of a day on which a group meets.
export { meeting } from './en-meeting';
