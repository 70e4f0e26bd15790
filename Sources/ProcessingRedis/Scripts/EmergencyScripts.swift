/// The transitions of backups of critical operations.
///
/// Their keys are always these, in this order: what never changes of a backup, its state, backups by beginning, backups by
/// the time when they are given up, operations that are done by the time until which they are remembered, counters. All
/// times are microseconds of the server's clock.
///
/// Backups do not expire by themselves: that would pay no heed to runs, could not be counted, and would leave their names
/// behind. Every script first gives up what has become too old.
enum EmergencyScripts {
    private static let parts = """
        local clock = redis.call('TIME')
        local now = clock[1] * 1000000 + clock[2]
        local function text(number) return string.format('%.0f', number) end
        local function state(id)
            local packed = redis.call('HGET', KEYS[2], id)
            return packed and cmsgpack.unpack(packed)
        end
        local function keep(id, state) redis.call('HSET', KEYS[2], id, cmsgpack.pack(state)) end
        local function remove(id)
            redis.call('ZREM', KEYS[4], id)
            redis.call('ZREM', KEYS[3], id)
            redis.call('HDEL', KEYS[2], id)
            redis.call('HDEL', KEYS[1], id)
        end
        redis.call('ZREMRANGEBYSCORE', KEYS[5], '-inf', text(now))
        while true do
            local due = redis.call('ZRANGEBYSCORE', KEYS[4], '-inf', text(now), 'LIMIT', 0, 100)
            if #due == 0 then break end
            for _, id in ipairs(due) do
                local s = state(id)
                if s and s.ends > now then
                    redis.call('ZADD', KEYS[4], text(s.ends), id)
                else
                    remove(id)
                    redis.call('HINCRBY', KEYS[6], 'expired', 1)
                end
            end
        end
        -- The state of the run with this token, if it is the present one.
        local function run(id, token)
            local s = state(id)
            return s and s.ends > 0 and s.token == token and s
        end
        local function tell(id, s)
            local r = cmsgpack.unpack(redis.call('HGET', KEYS[1], id))
            return {id, r.o, r.e, r.h, r.t, s.status, s.attempts, s.error, text(s.expiry)}
        end

        """

    private static func script(
        _ name: String,
        version: Int = 1,
        worksWhenFull: Bool = true,
        isRepeatable: Bool = false,
        _ body: String
    ) -> RedisScript {
        RedisScript(
            "emergency-\(name)",
            version: version,
            worksWhenFull: worksWhenFull,
            isRepeatable: isRepeatable,
            parts + body
        )
    }

    /// Writes a backup: identity, operation with `+` before it or empty, payload, tags, time to keep it, lease, token, error
    /// with `+` before it or empty.
    static let begin = script(
        "begin",
        version: 2,
        worksWhenFull: false,
        isRepeatable: true,
        """
        local id, token = ARGV[1], ARGV[7]
        -- What may fail fails before anything is written.
        redis.call('ZCARD', KEYS[3])
        if redis.call('ZSCORE', KEYS[5], id) then return {'resolved'} end
        local known = state(id)
        if known then return known.token == token and {'begun'} or {'exists', known.status} end
        local failed = ARGV[8] ~= ''
        local expiry = now + tonumber(ARGV[5])
        redis.call('HSET', KEYS[1], id, cmsgpack.pack({o = ARGV[2], e = ARGV[3], h = ARGV[4], t = text(now)}))
        keep(id, {
            status = failed and 'failed' or 'pending', attempts = failed and 1 or 0, error = ARGV[8], token = token,
            ends = failed and 0 or now + tonumber(ARGV[6]), expiry = expiry
        })
        redis.call('ZADD', KEYS[3], text(now), id)
        redis.call('ZADD', KEYS[4], text(expiry), id)
        return {'begun'}
        """
    )

    /// Notes that a run has failed: identity, token, error.
    static let fail = script(
        "fail",
        """
        local id = ARGV[1]
        local s = run(id, ARGV[2])
        if not s then return 0 end
        s.status = 'failed'
        s.attempts = s.attempts + 1
        s.error = '+' .. ARGV[3]
        s.ends = 0
        keep(id, s)
        if s.expiry > 0 then redis.call('ZADD', KEYS[4], text(s.expiry), id) end
        return 1
        """
    )

    /// Removes a backup: identity, token, how long to remember it.
    static let resolve = script(
        "resolve",
        """
        local id, memory = ARGV[1], tonumber(ARGV[3])
        if not run(id, ARGV[2]) then return 0 end
        remove(id)
        if memory > 0 then redis.call('ZADD', KEYS[5], text(now + memory), id) end
        return 1
        """
    )

    /// Begins a further run: identity, lease, token.
    static let claim = script(
        "claim",
        """
        local id = ARGV[1]
        if redis.call('ZSCORE', KEYS[5], id) then return {'resolved'} end
        local s = state(id)
        if not s then return {'unknown'} end
        if s.ends > now then return {'busy'} end
        s.token = ARGV[3]
        s.ends = now + tonumber(ARGV[2])
        s.status = 'retrying'
        keep(id, s)
        return {'claimed', tell(id, s)}
        """
    )

    /// Extends a run: identity, token, lease.
    static let renew = script(
        "renew",
        isRepeatable: true,
        """
        local s = run(ARGV[1], ARGV[2])
        if not s then return 0 end
        s.ends = now + tonumber(ARGV[3])
        keep(ARGV[1], s)
        return 1
        """
    )

    /// Changes how long a backup is kept: identity, time from now on or 0 for ever.
    static let extend = script(
        "extend",
        isRepeatable: true,
        """
        local id, time = ARGV[1], tonumber(ARGV[2])
        local s = state(id)
        if not s then return 0 end
        s.expiry = time > 0 and now + time or 0
        keep(id, s)
        if time > 0 then redis.call('ZADD', KEYS[4], text(s.expiry), id) else redis.call('ZREM', KEYS[4], id) end
        return 1
        """
    )

    /// Lists backups, oldest first: how many, within which time they are given up or 0 for all.
    static let list = script(
        "list",
        isRepeatable: true,
        """
        local missing, within = tonumber(ARGV[1]), tonumber(ARGV[2])
        local found, start = {}, 0
        while missing > 0 do
            local page = redis.call('ZRANGE', KEYS[3], start, start + 99)
            for _, id in ipairs(page) do
                local s = state(id)
                if missing > 0 and s and (within == 0 or s.expiry > 0 and s.expiry <= now + within) then
                    found[#found + 1] = tell(id, s)
                    missing = missing - 1
                end
            end
            if #page < 100 then break end
            start = start + 100
        end
        return found
        """
    )

    /// Counts backups.
    ///
    /// Answers with how many expired, and names and numbers of statuses in turn.
    static let counts = script(
        "counts",
        isRepeatable: true,
        """
        local counts = {pending = 0, failed = 0, retrying = 0}
        for _, packed in ipairs(redis.call('HVALS', KEYS[2])) do
            local status = cmsgpack.unpack(packed).status
            counts[status] = (counts[status] or 0) + 1
        end
        local answer = {tonumber(redis.call('HGET', KEYS[6], 'expired') or 0)}
        for status, number in pairs(counts) do
            answer[#answer + 1] = status
            answer[#answer + 1] = number
        end
        return answer
        """
    )
}
