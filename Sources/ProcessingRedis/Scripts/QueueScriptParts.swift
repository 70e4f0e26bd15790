/// What scripts of a queue have in common.
///
/// Their keys are always these, in this order: the streams of the three priorities, delayed jobs by time, delayed jobs by
/// identity, dead letters, dead letters by job, counters, workers. Further keys are those of idempotency.
///
/// An entry of a stream has the fields `i` identity, `a` attempts behind it, `o` operation, `t` time of storage in
/// milliseconds, `m` attempts it may have, `e` payload, `h` tags.
enum QueueScriptParts {
    /// The server's clock, in milliseconds.
    static let clock = """
        local clock = redis.call('TIME')
        local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
        local micros = clock[1] * 1000000 + clock[2]
        local function text(number) return string.format('%.0f', number) end
        local function count(name, by) redis.call('HINCRBY', KEYS[8], name, by) end

        """

    /// Reading and writing entries.
    static let entries = """
        local function fields(entry)
            local job = {}
            local list = entry[2]
            for n = 1, #list, 2 do job[list[n]] = list[n + 1] end
            return job
        end
        local function add(rank, job)
            return redis.call('XADD', KEYS[rank], '*', 'i', job.i, 'a', job.a, 'o', job.o, 't', job.t, 'm', job.m,
                'e', job.e, 'h', job.h)
        end
        local function find(key, id)
            local entry = redis.call('XRANGE', key, id, id)[1]
            return entry and fields(entry)
        end

        """

    /// Jobs whose time has not come.
    static let delays = """
        local function delay(rank, job, due)
            redis.call('HSET', KEYS[5], job.i,
                cmsgpack.pack({rank, job.a, job.o, job.t, job.m, job.e, job.h}))
            redis.call('ZADD', KEYS[4], text(due), job.i)
        end
        local function promote(limit)
            local due = redis.call('ZRANGEBYSCORE', KEYS[4], '-inf', now, 'LIMIT', 0, limit)
            for _, id in ipairs(due) do
                local packed = redis.call('HGET', KEYS[5], id)
                redis.call('ZREM', KEYS[4], id)
                redis.call('HDEL', KEYS[5], id)
                if packed then
                    local p = cmsgpack.unpack(packed)
                    add(p[1], {i = id, a = p[2], o = p[3], t = p[4], m = p[5], e = p[6], h = p[7]})
                end
            end
            return #due
        end
        local function nextDue()
            local first = redis.call('ZRANGE', KEYS[4], 0, 0, 'WITHSCORES')
            return first[2] and math.max(0, first[2] - now) or false
        end

        """

    /// Jobs that will not be tried again by themselves.
    static let dead = """
        local function bury(rank, job, why, message, worker)
            local id = redis.call('XADD', KEYS[6], '*', 'i', job.i, 'a', job.a, 'o', job.o, 't', job.t, 'm', job.m,
                'e', job.e, 'h', job.h, 'p', rank, 'why', why, 'err', message, 'w', worker, 'd', text(now))
            redis.call('HSET', KEYS[7], job.i, id)
        end

        """
}
