@echo off
rem Starts Kiln with the Java beside it, else with that of JAVA_HOME, else with that of the path.
rem KILN_JAVA_OPTS adds options for the JVM.
setlocal DisableDelayedExpansion
call :home

rem What computes needs the Vector API, of which Java warns at every start; what only looks at
rem something is done before the optimizing compiler would pay off, and what only says something
rem before any would.
set KILN_JVM="@%KILN_HOME%\lib\jvm.options"
set "KILN_CLASSES=%KILN_HOME%\lib\kiln.jsa"
set "KILN_OPTIONS=-XX:TieredStopAtLevel=1"
for %%V in (run logits bench doctor plan quantize) do (
    if "%~1"=="%%V" set "KILN_OPTIONS=--add-modules jdk.incubator.vector"
)
for %%V in (tokenize detokenize import export) do if "%~1"=="%%V" set "KILN_OPTIONS="
set "KILN_SAYS="
if "%~1"=="" set "KILN_SAYS=yes"
for %%V in (-h --help -V --version) do if "%~1"=="%%V" set "KILN_SAYS=yes"
if defined KILN_SAYS (
    set "KILN_JVM="
    set "KILN_CLASSES=%KILN_HOME%\lib\kiln-help.jsa"
    set "KILN_OPTIONS=-Xint -XX:+UseSerialGC"
)

set "KILN_JAVA=java.exe"
if defined JAVA_HOME set "KILN_JAVA=%JAVA_HOME%\bin\java.exe"
set "KILN_SHARED="
if exist "%KILN_HOME%\runtime\bin\java.exe" (
    set "KILN_JAVA=%KILN_HOME%\runtime\bin\java.exe"
    if exist "%KILN_CLASSES%" set KILN_SHARED="-XX:SharedArchiveFile=%KILN_CLASSES%" -Xlog:cds=off -Xlog:aot=off
)

where /q "%KILN_JAVA%" 2>nul || if not exist "%KILN_JAVA%" (
    echo kiln: no Java found: install a JDK 25 or set JAVA_HOME to one 1>&2
    exit /b 2
)

"%KILN_JAVA%" %KILN_SHARED% %KILN_JVM% %KILN_OPTIONS% %KILN_JAVA_OPTS% "-Dkiln.home=%KILN_HOME%" -jar "%KILN_HOME%\lib\kiln.jar" %*
exit /b %ERRORLEVEL%

rem In a subroutine, for at the top %~dp0 is the current folder where the script was called by a
rem quoted name.
:home
for %%I in ("%~dp0..") do set "KILN_HOME=%%~fI"
exit /b
