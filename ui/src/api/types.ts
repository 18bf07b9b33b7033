// The shapes on the wire under the page's own names; types.gen.ts is made from the server's document.
import type { components, operations, paths } from './types.gen';

type Schemas = components['schemas'];

export type { paths };
export type Problem = Schemas['ProblemBody'];
export type Catalog = Schemas['CatalogStatus'];
export type Search = Schemas['SearchStatus'];
/** Somebody who is signed in. */
export type Person = Schemas['PersonBody'];
export type Status = Schemas['StatusBody'];
export type OutputState = Schemas['OutputState'];
export type OutputPreview = Schemas['Cell'];
export type Star = Schemas['RowStar'];
export type Row = Schemas['Row'];
export type Page = Schemas['Page'];
export type Run = Schemas['OutputBody'];
export type Output = Schemas['OutputBody'];
export type RecordDetail = Schemas['RecordBody'];
export type StarRequest = Schemas['NewStarBody'];
export type ExportCount = Schemas['ExportCount'];
export type Blemishes = Schemas['Blemishes'];
export type TagCount = Schemas['TagCount'];
export type BulkBody = Schemas['BulkBody'];
export type BulkCount = Schemas['BulkCountBody'];
export type BulkDone = Schemas['BulkDoneBody'];
/** The event `progress`: events are not in the server's document. */
export interface BulkProgress {
  id: string;
  done: number;
  total: number;
  state: 'reading' | 'writing' | 'done' | 'cancelled' | 'failed';
}
/** The event `claimed`. */
export interface Claimed {
  custom_id: string;
  starred_by: string;
  /** For how long from now. */
  seconds: number;
}
/** The event `presence`. */
export interface Present {
  names: string[];
  count: number;
}
export type FacetsBody = Schemas['FacetsBody'];
export type ValueCount = Schemas['ValueCount'];
export type HistogramBody = Schemas['HistogramBody'];
export type Assignment = Schemas['AssignmentBody'];
export type Stats = Schemas['StatsBody'];
export type Pairs = Schemas['PairsBody'];
export type Scores = Schemas['ValueScores'];
export type Pace = Schemas['PaceBody'];
export type Counts = Schemas['ValueCounts'];
export type Agreement = Schemas['AgreementBody'];
export type Bias = Schemas['BiasBody'];
export type Sway = Schemas['SwayBody'];
export type OwnOf = Schemas['SelfBody'];
export type Tagging = Schemas['TaggingBody'];
export type TagAgreement = Schemas['TagAgreementBody'];
export type AgentAgreement = Schemas['AgentAgreementBody'];
export type Measured = Schemas['MeasuredBody'];
export type ReviewerOf = Schemas['ReviewerBody'];
export type PairOf = Schemas['PairBody'];
export type DisputedOutput = Schemas['DisputedBody'];
export type Bucket = Schemas['Bucket'];
export type ExportQuery = NonNullable<operations['count_export']['parameters']['query']>;
export type ExportFormat = 'icl' | 'finetuning' | 'raw';
export type Acts = Schemas['Acts'];
/** What a reviewer did in one go: an act, or an undo of one. */
export type Decision = Schemas['ActBody'];
/** An act taken back or done again. */
export type Turned = Schemas['Reversed'];
