package ${package};

import dev.kiln.spi.backend.Backend;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

/**
 * Hands every kernel on to another backend, and keeps the nanoseconds of each. Kernels of your own
 * needn't check shapes, except {@code cachedAttention}: what does not fit its cache is refused before
 * anything is written.
 */
final class Timed implements InvocationHandler {
    private final Backend inner;
    private final Map<String, Long> nanoseconds = new HashMap<>();

    private Timed(Backend inner) {
        this.inner = inner;
    }

    static Backend around(Backend inner) {
        return (Backend)
                Proxy.newProxyInstance(
                        Timed.class.getClassLoader(),
                        new Class<?>[] {Backend.class},
                        new Timed(inner));
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        long start = System.nanoTime();
        try {
            return method.invoke(inner, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        } finally {
            nanoseconds.merge(method.getName(), System.nanoTime() - start, Long::sum);
            if (method.getName().equals("close")) {
                tell();
            }
        }
    }

    private void tell() {
        nanoseconds.entrySet().stream()
                .max(Comparator.comparingLong(Map.Entry::getValue))
                .ifPresent(most -> System.err.println("${word}: slowest was " + most.getKey()));
    }
}
