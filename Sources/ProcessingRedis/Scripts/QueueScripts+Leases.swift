extension QueueScripts {
    /// Extends leases: worker, then per lease rank, entry and holder.
    ///
    /// Answers with 1 for each that is lost, else 0.
    static let heartbeat = RedisScript(
        "heartbeat",
        version: 1,
        worksWhenFull: true,
        isRepeatable: true,
        QueueScriptParts.clock + """
            redis.call('ZREMRANGEBYSCORE', KEYS[9], '-inf', text(now - 300000))
            local lost = {}
            for n = 2, #ARGV, 3 do
                local key, id, holder = KEYS[tonumber(ARGV[n])], ARGV[n + 1], ARGV[n + 2]
                local held = redis.pcall('XPENDING', key, 'g', id, id, 1, holder)
                if held.err and not string.find(held.err, 'NOGROUP', 1, true) then return held end
                local isLost = held.err or #held == 0
                -- Sets back how long it is idle; without the question before, it would steal the job from its new holder.
                if not isLost then
                    isLost = #redis.call('XCLAIM', key, 'g', holder, 0, id, 'JUSTID') == 0
                end
                lost[#lost + 1] = isLost and 1 or 0
            end
            redis.call('ZADD', KEYS[9], text(now), ARGV[1])
            return lost
            """
    )

    /// Ends leases that were not extended for so many milliseconds, and forgets workers that were idle for so many more.
    ///
    /// Answers with the jobs that wait again, those that are buried, and 1 when there may be more.
    static let reap = RedisScript(
        "reap",
        version: 2,
        worksWhenFull: true,
        QueueScriptParts.clock + QueueScriptParts.entries + QueueScriptParts.dead + """
            local returned, buried, more = {}, {}, 0
            for rank = 1, 3 do
                local key = KEYS[rank]
                local expired = redis.pcall('XPENDING', key, 'g', 'IDLE', ARGV[1], '-', '+', 100)
                if expired.err then
                    if not string.find(expired.err, 'NOGROUP', 1, true) then return expired end
                    expired = {}
                end
                if #expired == 100 then more = 1 end
                for _, pending in ipairs(expired) do
                    local id, worker = pending[1], pending[2]
                    local job = find(key, id)
                    redis.call('XACK', key, 'g', id)
                    redis.call('XDEL', key, id)
                    count('expired', 1)
                    if not job then
                        count('vanished', 1)
                    elseif job.a + 1 < tonumber(job.m) then
                        job.a = job.a + 1
                        count('retried', 1)
                        add(rank, job)
                        returned[#returned + 1] = job.i
                    else
                        job.a = job.a + 1
                        bury(rank, job, 'lease-expired',
                            'the lease of the last attempt ran out: its worker was lost or did not get on', worker)
                        buried[#buried + 1] = job.i
                    end
                end
                -- Workers that are gone; one with a lease is not, whatever its age: its jobs would go with it.
                local group = redis.pcall('XINFO', 'CONSUMERS', key, 'g')
                for _, consumer in ipairs(group.err and {} or group) do
                    local about = {}
                    for n = 1, #consumer, 2 do about[consumer[n]] = consumer[n + 1] end
                    if about.pending == 0 and about.idle > tonumber(ARGV[2]) then
                        redis.call('XGROUP', 'DELCONSUMER', key, 'g', about.name)
                    end
                end
            end
            return {returned, buried, more}
            """
    )

    /// Lets delayed jobs wait whose time has come.
    ///
    /// Answers with how many, and the milliseconds until the next one.
    static let promote = RedisScript(
        "promote",
        version: 1,
        worksWhenFull: true,
        isRepeatable: true,
        QueueScriptParts.clock + QueueScriptParts.entries + QueueScriptParts.delays + """
            return {promote(100), nextDue()}
            """
    )

    /// One reading of everything.
    ///
    /// Answers with names and values in turn.
    static let status = RedisScript(
        "status",
        version: 1,
        worksWhenFull: true,
        isRepeatable: true,
        QueueScriptParts.clock + """
            local answer = {}
            local function say(name, value) answer[#answer + 1] = name; answer[#answer + 1] = value end
            local running = 0
            for rank = 1, 3 do
                local key = KEYS[rank]
                local pending, last = 0, '0-0'
                local groups = redis.pcall('XINFO', 'GROUPS', key)
                for _, group in ipairs(groups.err and {} or groups) do
                    local about = {}
                    for n = 1, #group, 2 do about[group[n]] = group[n + 1] end
                    if about.name == 'g' then pending = about.pending; last = about['last-delivered-id'] end
                end
                local waiting = redis.call('XLEN', key) - pending
                running = running + pending
                say('waiting:' .. rank, waiting)
                if waiting > 0 then
                    local front = redis.call('XRANGE', key, '(' .. last, '+', 'COUNT', 1)[1]
                    for n = 1, front and #front[2] or 0, 2 do
                        local stored = front[2][n] == 't' and tonumber(front[2][n + 1])
                        if stored then say('age:' .. rank, math.max(0, now - stored)) end
                    end
                end
            end
            say('running', running)
            say('delayed', redis.call('ZCARD', KEYS[4]))
            say('dead', redis.call('XLEN', KEYS[6]))
            for _, name in ipairs({'enq', 'done', 'discarded', 'retried', 'expired'}) do
                say(name, tonumber(redis.call('HGET', KEYS[8], name) or 0))
            end
            local workers = redis.call('ZRANGEBYSCORE', KEYS[9], text(now - 300000), '+inf', 'WITHSCORES')
            for n = 1, #workers, 2 do say('worker:' .. workers[n], math.max(0, now - workers[n + 1])) end
            return answer
            """
    )
}
