extension QueueScripts {
    /// Lists dead letters: after which job, how many.
    ///
    /// Answers with the fields of each.
    static let deadLetters = RedisScript(
        "dead-letters",
        version: 1,
        worksWhenFull: true,
        isRepeatable: true,
        """
        local last = ARGV[1] ~= '' and redis.call('HGET', KEYS[7], ARGV[1])
        local page = redis.call('XRANGE', KEYS[6], last and '(' .. last or '-', '+', 'COUNT', ARGV[2])
        local letters = {}
        for n, entry in ipairs(page) do letters[n] = entry[2] end
        return letters
        """
    )

    /// Takes some dead letters out, which wait again or are counted as discarded: `requeue` or `discard`, the entry after
    /// which to look, the last entry to look at or empty, what is meant, and the words that say which.
    ///
    /// Answers with the entry after which to go on or nothing, the last entry to look at, and the jobs.
    static let exhume = RedisScript(
        "exhume",
        version: 1,
        worksWhenFull: true,
        QueueScriptParts.clock + QueueScriptParts.entries + """
            local purpose, after, last, what = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
            local jobs = {}
            local function exhume(id, job)
                redis.call('XDEL', KEYS[6], id)
                redis.call('HDEL', KEYS[7], job.i)
                if purpose == 'requeue' then
                    job.a = 0
                    add(tonumber(job.p), job)
                else
                    count('discarded', 1)
                end
                jobs[#jobs + 1] = job.i
            end
            if what == 'jobs' then
                for n = 5, #ARGV do
                    local id = redis.call('HGET', KEYS[7], ARGV[n])
                    local job = id and find(KEYS[6], id)
                    if job then exhume(id, job) end
                end
                return {false, last, jobs}
            end
            if last == '' then
                local newest = redis.call('XREVRANGE', KEYS[6], '+', '-', 'COUNT', 1)[1]
                if not newest then return {false, last, jobs} end
                last = newest[1]
            end
            local page = redis.call('XRANGE', KEYS[6], after == '' and '-' or '(' .. after, last, 'COUNT', 100)
            for _, entry in ipairs(page) do
                local job = fields(entry)
                local isMeant = what == 'all'
                    or what == 'operation' and job.o == ARGV[5]
                    or what == 'age' and now - job.d > tonumber(ARGV[5])
                if isMeant then exhume(entry[1], job) end
            end
            return {#page == 100 and page[100][1], last, jobs}
            """
    )
}
