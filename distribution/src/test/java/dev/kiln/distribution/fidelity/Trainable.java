package dev.kiln.distribution.fidelity;

import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Capabilities;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Weight;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Stands before a backend: all its weights get gradients and are remembered by name, those of models
 * that are opened to be asked too, so none
 * is frozen. Everything else goes to the backend itself.
 */
record Trainable(Backend backend, Map<String, Weight> weights) implements InvocationHandler {

    static Trainable of(Backend backend) {
        return new Trainable(backend, new LinkedHashMap<>());
    }

    Backend proxy() {
        return (Backend)
                Proxy.newProxyInstance(
                        Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, this);
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        if (method.getName().equals("weight")) {
            String name = (String) arguments[1];
            Weight weight = backend.weight((Scope) arguments[0], name, (Shape) arguments[2], true);
            weights.put(name, weight);
            return weight;
        }
        if (method.getName().equals("capabilities")) {
            Capabilities own = backend.capabilities();
            return new Capabilities(own.types(), Set.of(), own.device(), own.threads());
        }
        try {
            return method.invoke(backend, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
