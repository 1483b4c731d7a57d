package dev.kiln.testkit;

import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.KvCache;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;

/** The oracle whose caches copy wrongly. */
final class FaultyCache {
    private FaultyCache() {}

    /** What a cache does instead of copying. */
    interface Copy {
        void run(KvCache cache, int from, int to, int begin, int end);
    }

    static Backend of(Copy copy) {
        ReferenceBackend reference = new ReferenceBackend();
        return (Backend)
                proxy(
                        Backend.class,
                        (_, method, arguments) ->
                                wrapped(call(reference, method, own(arguments)), copy));
    }

    private static Object wrapped(Object result, Copy copy) {
        return result instanceof ReferenceKvCache cache
                ? proxy(KvCache.class, new Handler(cache, copy))
                : result;
    }

    private record Handler(ReferenceKvCache cache, Copy copy) implements InvocationHandler {
        @Override
        public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
            if (method.getName().equals("copy")) {
                int[] at = Arrays.stream(arguments).mapToInt(Integer.class::cast).toArray();
                copy.run(cache, at[0], at[1], at[2], at[3]);
                return null;
            }
            return wrapped(call(cache, method, arguments), copy);
        }
    }

    private static Object[] own(Object[] arguments) {
        return arguments == null ? null : Arrays.stream(arguments).map(FaultyCache::own).toArray();
    }

    private static Object own(Object argument) {
        return argument instanceof KvCache cache && Proxy.isProxyClass(cache.getClass())
                ? ((Handler) Proxy.getInvocationHandler(cache)).cache()
                : argument;
    }

    private static Object proxy(Class<?> type, InvocationHandler handler) {
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler);
    }

    private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
