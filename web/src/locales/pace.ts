// The words in use of what an extension costs, and of suggestions.
export { pace } from './en-pace';
