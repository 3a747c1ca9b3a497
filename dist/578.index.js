export const id = 578;
export const ids = [578];
export const modules = {

/***/ 8578:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  tellPullRequest: () => (/* binding */ tellPullRequest)
});

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: ./src/errors.ts
var errors = __webpack_require__(3916);
// EXTERNAL MODULE: ./src/text.ts
var src_text = __webpack_require__(8992);
// EXTERNAL MODULE: ./node_modules/@actions/github/lib/github.js + 22 modules
var github = __webpack_require__(5434);
// EXTERNAL MODULE: ./src/yandex/http/attempt.ts
var attempt = __webpack_require__(6876);
// EXTERNAL MODULE: ./src/yandex/http/endpoints.ts + 1 modules
var endpoints = __webpack_require__(8381);
// EXTERNAL MODULE: ./src/yandex/http/http.ts
var http = __webpack_require__(4500);
// EXTERNAL MODULE: ./src/yandex/http/network-error.ts
var network_error = __webpack_require__(9071);
;// CONCATENATED MODULE: ./src/github/fetch.ts
/** A `fetch` for Octokit over our own connections, to GitHub's host alone. */





/** A page of comments of 65,536 characters each, of up to four bytes. */
const MAX_RESPONSE_BYTES = 32 * 1024 ** 2;
const MAX_ATTEMPTS = 3;
const DELAYS = { firstDelayMs: 500, maxDelayMs: 1_000 };
/** A comment is read and changed as often as it takes; created twice, it would be two. */
const REPEATABLE = ['GET', 'PATCH'];
const TRANSIENT_STATUSES = [500, 502, 503, 504];
/** Root of the API as a URL. Throws Error when a token would travel in the open. */
function parseApiUrl(text) {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const isLocal = url?.protocol === 'http:' && (0,endpoints/* isLoopback */.U9)(url.hostname);
    if (url?.protocol === 'https:' || isLocal)
        return url;
    throw new Error('GITHUB_API_URL is not an https:// URL, so the token is not sent there');
}
/** Rejects for another host, since Octokit follows the link to a next page with the token, and for a redirect. */
function fetchFrom(origin, deps) {
    return async (address, { method, headers, body }) => {
        const url = new URL(address);
        if (url.origin !== origin)
            throw new Error('it refers to another host');
        const answer = await send({
            method,
            url,
            headers,
            signal: deps.signal,
            maxResponseBytes: MAX_RESPONSE_BYTES,
            ...(body !== undefined && { body: [Buffer.from(body)] }),
        }, deps);
        const { status } = answer;
        if (status >= 300 && status < 400)
            throw new Error(`it redirects (HTTP ${status})`);
        // Octokit would take it for a list without comments.
        if (status < 400 && answer.body.byteLength === 0) {
            throw new Error(`it sent nothing (HTTP ${status})`);
        }
        return new Response(Buffer.from(answer.body), { status, headers: answer.headers });
    };
}
/** Once more after trouble that may pass, where that does no harm. */
async function send(request, { transport, clock, endsAt }) {
    const most = REPEATABLE.includes(request.method) ? MAX_ATTEMPTS : 1;
    for (let attempts = 1;; attempts++) {
        const backoffMs = (0,http/* backoff */.JN)(attempts, { ...DELAYS, random: clock.random() });
        let delayMs;
        try {
            const answer = await transport(request);
            delayMs = delayAfter(answer, { backoffMs, nowMs: clock.wallTime() });
            if (delayMs === undefined || attempts >= most || clock.now() + delayMs > endsAt)
                return answer;
        }
        catch (error) {
            if (!mayPass(error) || attempts >= most || clock.now() + backoffMs > endsAt)
                throw error;
            delayMs = backoffMs;
        }
        await clock.sleep(delayMs, request.signal);
    }
}
/** Undefined for a final answer. Without `Retry-After`, a 429 does not tell how long it lasts. */
function delayAfter({ status, headers }, { backoffMs, nowMs }) {
    const askedMs = (0,attempt/* parseRetryAfter */.mu)(headers['retry-after'], nowMs);
    if (status === 429)
        return askedMs;
    return TRANSIENT_STATUSES.includes(status) ? (askedMs ?? backoffMs) : undefined;
}
/** Whether a connection may work the next time; the transport rejects an oversized answer with a RangeError. */
function mayPass(error) {
    const isFinal = error instanceof errors/* DeployError */.sH || ((0,errors/* isError */.bJ)(error) && error.name === 'RangeError');
    return !isFinal && (0,network_error/* permanentFault */.d)(error) === undefined;
}

// EXTERNAL MODULE: ./src/json.ts
var json = __webpack_require__(8301);
;// CONCATENATED MODULE: ./src/github/octokit.ts
/** The comments of one pull request over GitHub's REST API. The only importer of `@actions/github`. */





/** GitHub's maximum, https://docs.github.com/en/rest/issues/comments#list-issue-comments */
const PAGE_SIZE = 100;
/** GitHub takes at most 2,500 comments on a pull request; a longer list does not end. */
const MAX_PAGES = 30;
/** The longest piece of a foreign message that is quoted, in characters. */
const QUOTED_CHARACTERS = 200;
/**
 * Throws Error without a token, and when it must not be sent to the address of the API. Every method throws Error with
 * a message for people.
 */
function openComments({ apiUrl, repository, number }, { token, ...deps }) {
    const root = parseApiUrl(apiUrl);
    if (token.reveal() === '')
        throw new Error('`github-token` is empty');
    const octokit = (0,github/* getOctokit */.Q)(token.reveal(), {
        baseUrl: root.href.replace(/\/$/, ''),
        request: {
            fetch: fetchFrom(root.origin, deps),
            // Otherwise a header of an answer makes Octokit print.
            log: { warn: () => undefined },
        },
    });
    const [owner = '', repo = ''] = repository.split('/');
    const issue = { owner, repo, issue_number: number };
    const { issues, users } = octokit.rest;
    return {
        /** Login of the token's own account; undefined for the token of an app, which is refused to ask. */
        account: () => callIfAllowed(async () => readLogin((await users.getAuthenticated()).data)),
        /** All comments, or those that were written or changed since a moment in ISO 8601; oldest first. */
        list: (since) => call(async () => {
            const pages = octokit.paginate.iterator(issues.listComments, {
                ...issue,
                per_page: PAGE_SIZE,
                ...(since !== undefined && { since }),
            });
            const comments = [];
            let count = 0;
            for await (const { data } of pages) {
                if (++count > MAX_PAGES)
                    throw new RangeError(`it lists over ${MAX_PAGES} pages`);
                comments.push(...data.map(readComment));
            }
            return comments;
        }),
        create: (body) => call(async () => readComment((await issues.createComment({ ...issue, body })).data)),
        /** Undefined when the comment is gone, or is of an account whose comments this token may not change. */
        update: ({ id, body }) => callIfAllowed(async () => readComment((await issues.updateComment({ owner, repo, comment_id: id, body })).data)),
    };
}
async function call(run) {
    try {
        return await run();
    }
    catch (cause) {
        const { status } = (0,json/* fieldsOf */.Pf)((0,json/* fieldsOf */.Pf)(cause).response);
        if (typeof status === 'number')
            throw new Refusal(status, cause);
        const last = (0,errors/* causesOf */.cZ)(cause).at(-1);
        // The message of a TypeError is about code, not about the answer.
        const reason = last?.name === 'TypeError' ? 'it has another form' : quoted(last?.message);
        throw new Error(`GitHub gave no usable answer: ${reason}`, { cause });
    }
}
/** Undefined where this token may not do it, or there is nothing to do it to. */
async function callIfAllowed(run) {
    try {
        return await call(run);
    }
    catch (error) {
        if (error instanceof Refusal && error.isDenied)
            return undefined;
        throw error;
    }
}
const NO_RIGHT = 'the job needs `permissions: pull-requests: write`, and a pull request from a fork or of Dependabot has a token that only reads';
const ADVICE = {
    401: 'check `github-token`',
    403: NO_RIGHT,
    404: NO_RIGHT,
};
/** An answer that is none to the question. */
class Refusal extends Error {
    /** Any other 403, such as one about a rate limit, tells nothing of the token. */
    isDenied;
    constructor(status, cause) {
        const said = quoted((0,errors/* causesOf */.cZ)(cause)[0]?.message);
        const advice = /rate limit/i.test(said) ? undefined : ADVICE[status];
        super(`GitHub answered HTTP ${status}: ${said}${advice === undefined ? '' : `; ${advice}`}`, {
            cause,
        });
        this.isDenied =
            status === 404 || (status === 403 && /not accessible by|must have admin/i.test(said));
    }
}
function quoted(message = 'unknown reason') {
    return (0,src_text/* oneLine */.TN)(message).slice(0, QUOTED_CHARACTERS);
}
function readLogin(data) {
    const { login } = (0,json/* fieldsOf */.Pf)(data);
    if (typeof login !== 'string')
        throw new TypeError('what it sent is no account');
    return login;
}
function readComment(data) {
    const { id, body, html_url: url, user, created_at: createdAt } = (0,json/* fieldsOf */.Pf)(data);
    if (typeof id !== 'number')
        throw new TypeError('what it sent is no comment');
    const { login, type } = (0,json/* fieldsOf */.Pf)(user);
    return {
        id,
        body: typeof body === 'string' ? body : '',
        /** Its address on GitHub. */
        url: typeof url === 'string' ? url : '',
        /** Login of who wrote it; undefined when the account is gone. */
        author: typeof login === 'string' ? login : undefined,
        /** Whether an app wrote it, as the job's own token does; a person cannot look like one. */
        isByApp: type === 'Bot',
        /** By GitHub's clock, in ISO 8601. */
        createdAt: typeof createdAt === 'string' ? createdAt : undefined,
    };
}

;// CONCATENATED MODULE: ./src/github/comment.ts
/** One comment on a pull request: found again by a marker, updated, never repeated. */




/** A deployment does not wait longer than this for its comment; in milliseconds. */
const DEADLINE_MS = 15_000;
/** How far before ours a comment may be that was not in the list yet: more than {@link DEADLINE_MS}. */
const LOOK_BACK_MS = 60_000;
/** Writes the comment. Never rejects: a comment must not fail the step. */
async function writeComment({ pullRequest, key, markdown }, { transport, clock, token, signal, hide, deadlineMs = DEADLINE_MS }) {
    const timeout = AbortSignal.timeout(deadlineMs);
    const done = new AbortController();
    const any = AbortSignal.any([signal, timeout, done.signal]);
    const endsAt = clock.now() + deadlineMs;
    const explain = (error) => {
        if (signal.aborted)
            return 'the run was cancelled';
        if (timeout.aborted)
            return `GitHub did not answer within ${deadlineMs / 1000} s`;
        return (0,errors/* isError */.bJ)(error) ? (0,src_text/* oneLine */.TN)(error.message) : 'unknown reason';
    };
    const outcome = {};
    const written = ({ url }) => {
        outcome.url = url;
    };
    try {
        const comments = openComments(pullRequest, { transport, clock, token, signal: any, endsAt });
        const marker = markerFor(pullRequest, key);
        await settle({ marker, body: `${marker}\n${hide(markdown)}` }, { comments, written });
        return outcome;
    }
    catch (error) {
        return { ...outcome, trouble: explain(error) };
    }
    finally {
        // Of two calls side by side, one goes on when the other one has failed.
        done.abort();
    }
}
/** Hashed, since ids of folders and functions are nobody's business. */
function markerFor({ workflow, job }, key) {
    const identity = JSON.stringify([workflow, job, key]);
    const digest = (0,external_node_crypto_.createHash)('sha256').update(identity).digest('hex').slice(0, 16);
    return `<!-- deploy-yandex-cloud-function ${digest} -->`;
}
/** The marker is what a comment of ours begins with, and the body what it shall be. */
async function settle({ marker, body }, deps) {
    const { comments, written } = deps;
    const [account, all] = await Promise.all([comments.account(), comments.list()]);
    const found = ours(all, { marker, account });
    for (const [index, comment] of found.entries()) {
        const kept = await update(comment, { body, comments });
        if (!kept)
            continue;
        const older = found.slice(index + 1);
        return retire({ kept, others: older.filter(({ author }) => author === kept.author) }, deps);
    }
    const created = await comments.create(body);
    written(created);
    // Another job may have done the same meanwhile. Now it is certain, too, which account is ours.
    const late = await comments.list(shortlyBefore(created));
    const again = ours(late, { marker, account: created.author ?? account });
    const others = again.filter(({ id }) => id !== created.id);
    const [kept = created, ...older] = newestFirst([created, ...others]);
    await retire({ kept, others: older }, deps);
}
/**
 * Newest first. Anybody can copy the marker, so the author counts as well. An app is not told its account: the comments
 * of any app may be ours, and the one that can be changed is.
 */
function ours(all, { marker, account }) {
    return newestFirst(all.filter(({ body, author, isByApp }) => body.startsWith(marker) && (account === undefined ? isByApp : author === account)));
}
/** Undefined, for all comments, where GitHub tells no time. */
function shortlyBefore({ createdAt = '' }) {
    const createdMs = Date.parse(createdAt);
    return Number.isNaN(createdMs) ? undefined : new Date(createdMs - LOOK_BACK_MS).toISOString();
}
function newestFirst(comments) {
    return comments.toSorted((a, b) => b.id - a.id);
}
/** Undefined when the comment was deleted meanwhile, or turns out to be of another account. */
async function update(comment, { body, comments }) {
    if (comment.body.replaceAll('\r\n', '\n').trimEnd() === body.trimEnd())
        return comment;
    return comments.update({ id: comment.id, body });
}
/** Without the marker, so that they are not found again. */
async function retire({ kept, others }, { comments, written }) {
    written(kept);
    const body = `Replaced by [a newer comment](#issuecomment-${kept.id}).`;
    for (const { id } of others)
        await comments.update({ id, body });
}

// EXTERNAL MODULE: ./src/report/plan.ts
var report_plan = __webpack_require__(1307);
// EXTERNAL MODULE: ./src/report/summary/markup.ts
var markup = __webpack_require__(6569);
;// CONCATENATED MODULE: ./src/report/comment-tables.ts
/** The tables of a comment on a pull request: settings, and files; cut line by line where there is no room. */


/** How many rows stay when not all settings fit. */
const SETTING_ROWS = 50;
/**
 * Inputs whose values anyone may see: a closed list, since nobody masks a comment. Of any other row only the verdict is
 * shown, whatever the plan says of it.
 */
const OPEN_VALUES = new Set([
    'runtime',
    'entrypoint',
    'memory',
    'execution-timeout',
    'concurrency',
    'tmpfs-size',
    'ephemeral-disk',
    'log-level',
    'tags',
    'public',
    'provisioned-instances',
    'zone-instances-limit',
    'zone-requests-limit',
]);
/** All rows but those that do not change. */
function settingsTable(rows, frame) {
    const lines = rows
        .filter(({ verdict }) => verdict !== 'unchanged')
        .map((row) => `| ${report_plan/* SIGNS */.B2[row.verdict]}&nbsp;${(0,markup/* code */.aY)(row.name)} | ${change(row)} |`);
    const before = ['', '| Setting | Change |', '|---|---|'];
    return cut({ before, lines, after: [], what: 'more settings', most: SETTING_ROWS }, frame);
}
/** From the one side to the other. */
function change({ area, name, verdict, visibility, live, after }) {
    if (verdict === 'unknown') {
        return `<i>${area === 'code' ? 'cannot be told' : 'not visible to this account'}</i>`;
    }
    const isOpen = visibility === 'anyone' && OPEN_VALUES.has(name.split('.')[0] ?? '');
    if (!isOpen)
        return `<i>${verdict}</i>`;
    const before = verdict === 'added' ? [] : [live ?? ''];
    const now = verdict === 'removed' ? 'none' : (after ?? '');
    const sides = [...before, now].map((value) => value.replace(/\b[a-z][a-z0-9]{19}\b/g, shortId));
    return sides.map(markup/* code */.aY).join(' → ');
}
/** Enough of an id of the cloud to tell two apart. */
function shortId(id) {
    return id.length > 8 ? `${id.slice(0, 3)}…${id.slice(-4)}` : id;
}
/** A list of files, folded under how many there are. */
function fileTable(plan, frame) {
    const lines = (0,report_plan/* filesOf */.R8)(plan, Infinity).flatMap(({ kind, names }) => names.map((name) => `| ${report_plan/* SIGNS */.B2[kind]}&nbsp;${(0,markup/* code */.aY)(name)} |`));
    const title = `Files: ${(0,report_plan/* fileCounts */.NZ)(plan).join(', ')}`;
    const before = ['', `<details><summary>${title}</summary>`, '', '| File |', '|---|'];
    const after = ['', '</details>'];
    return cut({ before, lines, after, what: 'more files', most: Infinity }, frame);
}
function cut({ before, lines, after, what, most }, { room, run }) {
    if (lines.length === 0)
        return [];
    const whole = [...before, ...lines, ...after];
    if (lengthOf(whole) <= room)
        return whole;
    const note = (count) => ['', `… and ${count} ${what}: see ${run}`];
    let left = room - lengthOf([...before, ...note(lines.length), ...after]);
    let kept = 0;
    for (const line of lines.slice(0, most)) {
        left -= lengthOf([line]);
        if (left < 0)
            break;
        kept++;
    }
    return [...before, ...lines.slice(0, kept), ...note(lines.length - kept), ...after];
}
/** In characters, with a line feed after each line. */
function lengthOf(lines) {
    return lines.reduce((sum, line) => sum + line.length + 1, 0);
}

// EXTERNAL MODULE: ./src/report/summary/title.ts
var title = __webpack_require__(6235);
;// CONCATENATED MODULE: ./src/report/comment.ts
/** The comment on a pull request as Markdown: a closed list of facts, since nobody masks a comment. Pure. */






/** Below 60,000 with the marker before it; GitHub takes 65,536. */
const MAX_CHARACTERS = 59_900;
/** Room for what is said of two tables that do not fit at all, in characters. */
const NOTES = 1_000;
/** The comment without its marker. Files are cut first, then settings; heading and last line are always there. */
function commentMarkdown({ news, run, atMs }) {
    const { known, failure } = news;
    const runLink = comment_link(`run ${(0,markup/* code */.aY)(run.runId)}`, run.runUrl);
    const head = [`### ${headingOf(news)}`, '', ...(failure ? reasonOf(failure) : factsOf(known))];
    const time = (0,report_plan/* minuteOf */.iA)(new Date(atMs).toISOString());
    const foot = ['', `<sub>Commit ${(0,markup/* code */.aY)(run.sha.slice(0, 7))}, ${runLink}, ${time}</sub>`];
    if (failure || !known.plan)
        return [...head, ...foot].join('\n');
    const { plan } = known;
    const room = MAX_CHARACTERS - NOTES - lengthOf([...head, ...foot]);
    const settings = plan.isCompared ? settingsTable(plan.rows, { room, run: runLink }) : [];
    const files = fileTable(plan, { room: room - lengthOf(settings), run: runLink });
    return [...head, ...settings, ...files, ...foot].join('\n');
}
function headingOf({ subject, known, failure }) {
    const name = (0,markup/* code */.aY)((0,title/* nameOf */.Vb)(subject.target, known.function));
    if (!failure)
        return (0,title/* successTitle */.QK)(known, name);
    return `The ${subject.isDryRun ? 'plan' : 'deployment'} of ${name} failed`;
}
function reasonOf({ code: error, inputs }) {
    const why = `${error}: ${(0,src_text/* markdownProse */.h$)(errors/* ERRORS */.Sr[error].title)}. The run says why.`;
    return inputs.length === 0 ? [why] : [`${why}<br>`, `Inputs: ${inputs.map(markup/* code */.aY).join(', ')}`];
}
function factsOf({ plan, version, function: target }) {
    if (!plan)
        return [];
    const { live, rows, isCompared, package: packed } = plan;
    const lines = [];
    if (version) {
        const url = target?.function.httpInvokeUrl ?? '';
        if (url !== '')
            lines.push(`Address: ${comment_link((0,markup/* code */.aY)(url), url)}`);
        lines.push(`Version: ${(0,markup/* code */.aY)(shortId(version.id))}`);
    }
    if (!isCompared)
        lines.push('What is live is not known.');
    if (live)
        lines.push(`Compared with version ${(0,markup/* code */.aY)(shortId(live.id))}, tag ${(0,markup/* code */.aY)(live.tag)}`);
    const taken = version ? [] : (0,report_plan/* tagsTakenAlong */.Ur)(rows);
    if (taken.length > 0) {
        lines.push(`Moved from this version to the new one: ${taken.map(markup/* code */.aY).join(', ')}`);
    }
    if (packed.sizeBytes !== undefined) {
        const before = packed.liveSizeBytes;
        const change = before === undefined ? '' : `${(0,src_text/* formatBytes */.z3)(before)} → `;
        lines.push(`Package: ${change}${(0,src_text/* formatBytes */.z3)(packed.sizeBytes)}`);
    }
    const unchanged = rows.filter(({ area, verdict }) => area === 'settings' && verdict === 'unchanged').length;
    if (unchanged > 0)
        lines.push(`Unchanged: ${(0,src_text/* plural */.LS)(unchanged, 'setting')}`);
    return lines.map((line) => `${line}<br>`);
}
/** To a web page; the label is Markdown, and stands alone where the address is not one of the web. */
function comment_link(label, address) {
    const url = URL.canParse(address) ? new URL(address) : undefined;
    // In angle brackets, which a parsed address cannot hold.
    return url && /^https?:$/.test(url.protocol) ? `[${label}](<${url.href}>)` : label;
}
/** The function as the step names it, the same before and after it is created. */
function keyOf({ target }) {
    return target.kind === 'id' ? target.functionId : `${target.folderId}/${target.functionName}`;
}

;// CONCATENATED MODULE: ./src/comment.ts
/** Tells a pull request what a run ended with. In a file of its own in the bundle, which only a step that comments loads. */


/** Never rejects: a comment must not fail the step. */
async function tellPullRequest({ news, pullRequest }, deps) {
    const markdown = commentMarkdown({ news, run: pullRequest, atMs: deps.clock.wallTime() });
    return writeComment({ pullRequest, key: keyOf(news.subject), markdown }, deps);
}


/***/ })

};
