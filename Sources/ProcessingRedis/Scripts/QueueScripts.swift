/// The transitions of jobs, each of them one step for everybody else.
enum QueueScripts {
    /// Stores jobs: per job identity, rank, operation, attempts, delay in microseconds, payload, tags, the number of the key
    /// of idempotency or 0, and its window in milliseconds.
    ///
    /// Answers with the number of jobs ever stored, and per job the identity of the one that was there before.
    static let enqueue = RedisScript(
        "enqueue",
        version: 1,
        worksWhenFull: false,
        QueueScriptParts.clock + QueueScriptParts.entries + QueueScriptParts.delays + """
            -- What may fail fails before anything is written.
            redis.call('HLEN', KEYS[8])
            for n = 1, #ARGV, 9 do
                redis.call('XLEN', KEYS[tonumber(ARGV[n + 1])])
                if ARGV[n + 4] ~= '0' then redis.call('ZCARD', KEYS[4]); redis.call('HLEN', KEYS[5]) end
            end
            local answer, added = {0}, 0
            for n = 1, #ARGV, 9 do
                local known = false
                if ARGV[n + 7] ~= '0' then
                    local key = KEYS[tonumber(ARGV[n + 7])]
                    known = not redis.call('SET', key, ARGV[n], 'NX', 'PX', ARGV[n + 8]) and redis.call('GET', key)
                end
                answer[#answer + 1] = known
                if not known then
                    added = added + 1
                    local job = {i = ARGV[n], a = 0, o = ARGV[n + 2], t = text(now), m = ARGV[n + 3], e = ARGV[n + 5],
                        h = ARGV[n + 6]}
                    local rank, pause = tonumber(ARGV[n + 1]), tonumber(ARGV[n + 4])
                    if pause > 0 then delay(rank, job, math.ceil((micros + pause) / 1000)) else add(rank, job) end
                end
            end
            answer[1] = redis.call('HINCRBY', KEYS[8], 'enq', added)
            answer[#answer + 1] = added
            return answer
            """
    )

    /// Takes jobs: worker, how many, ranks.
    ///
    /// Answers with the milliseconds until the next delayed job, per rank the last entry handed out, and the jobs.
    static let claim = RedisScript(
        "claim",
        version: 1,
        worksWhenFull: true,
        // Jobs whose claim brought no answer come back when their lease has run out, whether it is repeated or not.
        isRepeatable: true,
        QueueScriptParts.clock + QueueScriptParts.entries + QueueScriptParts.delays + QueueScriptParts.dead + """
            local worker, missing = ARGV[1], tonumber(ARGV[2])
            -- The group is made by whoever claims first. Made again, it begins with everything that is left.
            local function read(key, limit)
                local found = redis.pcall('XREADGROUP', 'GROUP', 'g', worker, 'COUNT', limit, 'STREAMS', key, '>')
                if found and found.err then
                    if not string.find(found.err, 'NOGROUP', 1, true) then return found end
                    redis.call('XGROUP', 'CREATE', key, 'g', '0', 'MKSTREAM')
                    if redis.call('HSETNX', KEYS[8], 'group:' .. key, 1) == 0 then count('regrouped', 1) end
                    found = redis.call('XREADGROUP', 'GROUP', 'g', worker, 'COUNT', limit, 'STREAMS', key, '>')
                end
                return found and found[1] and found[1][2] or {}
            end
            -- An entry that somebody else has written may lack anything; it is kept as it is, apart.
            local function flaw(job)
                for _, name in ipairs({'i', 'a', 'o', 't', 'm', 'e', 'h'}) do
                    if not job[name] then return 'the entry has no field ' .. name end
                end
                for _, name in ipairs({'a', 't', 'm'}) do
                    if #job[name] > 15 or not string.match(job[name], '^%d+$') then
                        return 'the field ' .. name .. ' of the entry is no number: ' .. string.sub(job[name], 1, 32)
                    end
                end
            end
            local function setApart(key, rank, entry, job, what)
                redis.call('XACK', key, 'g', entry[1])
                redis.call('XDEL', key, entry[1])
                local function number(value, other)
                    return value and #value < 16 and string.match(value, '^%d+$') and value or other
                end
                bury(rank, {
                    i = 'foreign-' .. rank .. '-' .. entry[1], a = number(job.a, '0'), o = job.o or '',
                    t = number(job.t, text(now)), m = number(job.m, '1'), e = job.e or cmsgpack.pack(entry[2]), h = ''
                }, 'malformed-payload', what, worker)
                count('enq', 1)
            end
            promote(100)
            local jobs, lasts = {}, {}
            for n = 3, #ARGV do
                local rank = tonumber(ARGV[n])
                local key = KEYS[rank]
                while missing > 0 do
                    local found = read(key, missing)
                    if found.err then return found end
                    for _, entry in ipairs(found) do
                        local job = fields(entry)
                        local what = flaw(job)
                        if what then
                            setApart(key, rank, entry, job, what)
                        else
                            jobs[#jobs + 1] = {rank, entry[1], job.i, job.a, job.o, job.t, job.m, job.e, job.h}
                            missing = missing - 1
                        end
                    end
                    if #found == 0 then break end
                end
            end
            if #jobs == 0 then
                for n = 3, #ARGV do
                    local group = redis.call('XINFO', 'GROUPS', KEYS[tonumber(ARGV[n])])[1]
                    for f = 1, #group, 2 do
                        if group[f] == 'last-delivered-id' then lasts[#lasts + 1] = group[f + 1] end
                    end
                end
            end
            return {nextDue(), lasts, jobs}
            """
    )

    /// Ends attempts: per attempt rank, entry, worker, verdict, reason or pause in microseconds, error.
    ///
    /// Answers with a letter for each: `d` done, `r` to be tried again, `b` buried, `l` released, `x` lost.
    static let settle = RedisScript(
        "settle",
        version: 1,
        worksWhenFull: true,
        QueueScriptParts.clock + QueueScriptParts.entries + QueueScriptParts.delays + QueueScriptParts.dead + """
            local function settle(n)
                local rank, id, worker, verdict = tonumber(ARGV[n]), ARGV[n + 1], ARGV[n + 2], ARGV[n + 3]
                local key = KEYS[rank]
                -- Acknowledging alone does not ask who holds the lease.
                local held = redis.pcall('XPENDING', key, 'g', id, id, 1, worker)
                if held.err then
                    if string.find(held.err, 'NOGROUP', 1, true) then return 'x' end
                    return held
                end
                if #held == 0 then return 'x' end
                local job = verdict ~= 'd' and find(key, id)
                redis.call('XACK', key, 'g', id)
                redis.call('XDEL', key, id)
                if verdict == 'd' then
                    count('done', 1)
                    return 'd'
                end
                if not job then
                    count('vanished', 1)
                    return 'x'
                end
                if verdict == 'l' then
                    add(rank, job)
                    return 'l'
                end
                job.a = job.a + 1
                if verdict == 'b' then
                    bury(rank, job, ARGV[n + 4], ARGV[n + 5], worker)
                    return 'b'
                end
                if job.a >= tonumber(job.m) then
                    bury(rank, job, 'attempts-exhausted', ARGV[n + 5], worker)
                    return 'b'
                end
                count('retried', 1)
                delay(rank, job, math.ceil((micros + tonumber(ARGV[n + 4])) / 1000))
                return 'r'
            end
            local outcomes = {}
            for n = 1, #ARGV, 6 do
                local outcome = settle(n)
                if type(outcome) == 'table' then return outcome end
                outcomes[#outcomes + 1] = outcome
            end
            return outcomes
            """
    )
}
