package dev.kiln.testkit;

import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Capabilities;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;

/** The oracle with a fault in one kernel: what it gave is changed behind it, element by element. */
final class FaultyBackend {
    private FaultyBackend() {}

    /**
     * @param fault from all elements of the kernel's first argument, or of its gradient if that is a
     *     weight, and an index to the wrong element
     */
    static Backend of(String kernel, BiFunction<double[], Integer, Double> fault) {
        return after(kernel, (reference, arguments) -> spoil(reference, out(arguments), fault));
    }

    /** The oracle with something done behind each call of a kernel. */
    static Backend after(String kernel, BiConsumer<ReferenceBackend, Object[]> fault) {
        ReferenceBackend reference = new ReferenceBackend();
        return (Backend)
                Proxy.newProxyInstance(
                        Backend.class.getClassLoader(),
                        new Class<?>[] {Backend.class},
                        (proxy, method, arguments) -> {
                            Object result = invoke(reference, method, arguments);
                            if (method.getName().equals(kernel)) {
                                fault.accept(reference, arguments);
                            }
                            return result;
                        });
    }

    /** The oracle as if a kernel refused nothing. */
    static Backend unchecked(String kernel) {
        ReferenceBackend reference = new ReferenceBackend();
        return (Backend)
                Proxy.newProxyInstance(
                        Backend.class.getClassLoader(),
                        new Class<?>[] {Backend.class},
                        (proxy, method, arguments) -> {
                            try {
                                return invoke(reference, method, arguments);
                            } catch (IllegalArgumentException refused) {
                                if (method.getName().equals(kernel)) {
                                    return null;
                                }
                                throw refused;
                            }
                        });
    }

    /** The oracle as if it lacked a type. */
    static Backend without(DType type) {
        ReferenceBackend reference = new ReferenceBackend();
        Capabilities all = reference.capabilities();
        Set<DType> types = new HashSet<>(all.types());
        types.remove(type);
        Capabilities less =
                new Capabilities(types, all.weightFormats(), all.device(), all.threads());
        return (Backend)
                Proxy.newProxyInstance(
                        Backend.class.getClassLoader(),
                        new Class<?>[] {Backend.class},
                        (proxy, method, arguments) ->
                                method.getName().equals("capabilities")
                                        ? less
                                        : invoke(reference, method, arguments));
    }

    private static Tensor out(Object[] arguments) {
        return arguments[0] instanceof Weight weight ? weight.gradient() : (Tensor) arguments[0];
    }

    private static Object invoke(Backend backend, Method method, Object[] arguments)
            throws Throwable {
        try {
            return method.invoke(backend, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static void spoil(
            ReferenceBackend backend, Tensor out, BiFunction<double[], Integer, Double> fault) {
        double[] right = backend.values(out);
        double[] wrong = new double[right.length];
        for (int i = 0; i < wrong.length; i++) {
            wrong[i] = fault.apply(right, i);
        }
        backend.set(out, wrong);
    }
}
