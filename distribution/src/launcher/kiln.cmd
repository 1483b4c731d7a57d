@echo off
rem Starts Kiln with the Java beside it, else with that of JAVA_HOME, else with that of the path.
rem KILN_JAVA_OPTS adds options for the JVM.
setlocal DisableDelayedExpansion
for %%I in ("%~dp0..") do set "KILN_HOME=%%~fI"

set "KILN_JAVA=java"
if defined JAVA_HOME set "KILN_JAVA=%JAVA_HOME%\bin\java"
set "KILN_SHARED="
if exist "%KILN_HOME%\runtime\bin\java.exe" (
    set "KILN_JAVA=%KILN_HOME%\runtime\bin\java"
    if exist "%KILN_HOME%\lib\kiln.jsa" set KILN_SHARED="-XX:SharedArchiveFile=%KILN_HOME%\lib\kiln.jsa" -Xlog:cds=off -Xlog:aot=off
)

rem What computes needs the Vector API, of which Java warns at every start; what only looks at
rem something is done before the optimizing compiler would pay off.
set "KILN_OPTIONS=--add-modules jdk.incubator.vector"
if "%~1"=="" set "KILN_OPTIONS=-XX:TieredStopAtLevel=1"
for %%V in (-h --help help -V --version validate schema plugins inspect) do (
    if "%~1"=="%%V" set "KILN_OPTIONS=-XX:TieredStopAtLevel=1"
)
for %%V in (tokenize detokenize import export) do if "%~1"=="%%V" set "KILN_OPTIONS="

"%KILN_JAVA%" %KILN_SHARED% "@%KILN_HOME%\lib\jvm.options" %KILN_OPTIONS% %KILN_JAVA_OPTS% "-Dkiln.home=%KILN_HOME%" -jar "%KILN_HOME%\lib\kiln.jar" %*
exit /b %ERRORLEVEL%
